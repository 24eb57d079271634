import { configureStore } from '@reduxjs/toolkit';
import { useDispatch } from 'react-redux';
import { emptyApi } from '@/api/client';
import '@/api/tags';

export const store = configureStore({
  reducer: { [emptyApi.reducerPath]: emptyApi.reducer },
  middleware: (given) => given().concat(emptyApi.middleware),
});

export type AppDispatch = typeof store.dispatch;
export const useAppDispatch = useDispatch.withTypes<AppDispatch>();
