import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const server = process.env['MARQUEE_SITE'] ?? 'http://127.0.0.1:8000';
const proxied = ['/api', '/posters', '/fields', '/schema', '/docs', '/.well-known'];

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: { target: 'es2022', assetsInlineLimit: 0, chunkSizeWarningLimit: 700 },
  server: { proxy: Object.fromEntries(proxied.map((path) => [path, server])) },
});
