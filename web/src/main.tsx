import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import '@/app/tokens.css';
import '@/app/base.css';
import '@/app/marquee.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Provider } from 'react-redux';
import { BrowserRouter } from 'react-router-dom';
import { App } from '@/app/App';
import { store } from '@/app/store';
import { cssVariablesResolver, theme } from '@/app/theme';

const root = document.getElementById('root');
if (!root) throw new Error('The page has no root.');

createRoot(root).render(
  <StrictMode>
    <Provider store={store}>
      <MantineProvider theme={theme} cssVariablesResolver={cssVariablesResolver} defaultColorScheme="dark">
        <Notifications limit={1} position="bottom-left" autoClose={6000} zIndex={600} />
        <BrowserRouter>
          <App />
        </BrowserRouter>
      </MantineProvider>
    </Provider>
  </StrictMode>,
);
