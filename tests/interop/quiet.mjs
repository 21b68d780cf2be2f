// Keeps standard output for the protocol alone: what the SDK logs goes to standard error when JS_CLIENT_LOG is
// set, and nowhere otherwise. Imported before the SDK.

import { Console } from "node:console";

const toStandardError = new Console(process.stderr, process.stderr);

for (const level of ["trace", "debug", "info", "log", "warn", "error"]) {
    console[level] = process.env.JS_CLIENT_LOG ? toStandardError[level].bind(toStandardError) : () => {};
}
