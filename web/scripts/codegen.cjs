// The client is generated from the server's own document; the older API is not for this one.
module.exports = {
  schemaFile: '../../docs/reference/openapi.json',
  apiFile: '../src/api/client.ts',
  apiImport: 'emptyApi',
  outputFile: '../src/api/generated/api.ts',
  exportName: 'api',
  hooks: { queries: true, lazyQueries: true, mutations: true },
  tag: true,
  filterEndpoints: (name) => !name.startsWith('legacy') && !['getPoster', 'getField', 'publicKeys'].includes(name),
};
