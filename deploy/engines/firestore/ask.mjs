// Reads a document that is not there; ends with 1 where there is no answer: PACKAGE_JSON HOST:PORT.
import { createRequire } from "node:module";

const [modules, address] = process.argv.slice(2);
const { Client, credentials } = createRequire(modules)("@grpc/grpc-js");

const text = (field, value) => [field * 8 + 2, value.length, ...Buffer.from(value)];
const database = "projects/marquee/databases/(default)";
const request = Buffer.from([...text(1, database), ...text(2, `${database}/documents/asked/none`)]);

const client = new Client(address, credentials.createInsecure());
const call = client.makeServerStreamRequest(
  "/google.firestore.v1.Firestore/BatchGetDocuments",
  (bytes) => bytes,
  (bytes) => bytes,
  request,
  { deadline: Date.now() + 3000 },
);
call.on("data", () => process.exit(0));
call.on("error", () => process.exit(1));
call.on("end", () => process.exit(1));
