// After a build: the readers of the API's document beside it, and everything that shrinks, shrunk.
import { cpSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

const DIST = 'dist';
const SHRINKS = new Set(['.js', '.css', '.svg', '.html', '.json', '.txt']);
const readers = {
  swagger: ['swagger-ui-dist/swagger-ui.css', 'swagger-ui-dist/swagger-ui-bundle.js', 'swagger-ui-dist/LICENSE'],
  scalar: ['@scalar/api-reference/dist/browser/standalone.js'],
};
for (const [name, files] of Object.entries(readers)) {
  const folder = join(DIST, 'docs', name);
  mkdirSync(folder, { recursive: true });
  for (const file of files) cpSync(join('node_modules', file), join(folder, file.split('/').at(-1)));
}

const walk = (folder) =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? walk(path) : [path];
  });
for (const path of walk(DIST)) {
  if (SHRINKS.has(extname(path)) && !path.endsWith('index.html')) {
    writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level: 9 }));
  }
}
