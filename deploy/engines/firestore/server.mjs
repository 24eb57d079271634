// Firestore's API on one address: PACKAGE_JSON HOST:PORT.
import { createRequire } from "node:module";

const [modules, address] = process.argv.slice(2);
const require = createRequire(modules);
const { FirestoreServer } = require("@firestore-emulator/server");
const { ServerCredentials } = require("@grpc/grpc-js");

// its own start() would listen on every interface
const { server } = new FirestoreServer();
server.bindAsync(address, ServerCredentials.createInsecure(), (error) => {
  if (error) throw error;
});
process.on("SIGTERM", () => process.exit(0));
