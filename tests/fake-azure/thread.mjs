// SPDX-License-Identifier: Apache-2.0
// The fake as a thread of a test written in JavaScript, which waits for tidemark meanwhile: it says its port to who started it.
import { parentPort, workerData } from "node:worker_threads";
import { start } from "./fake-azure.mjs";

const { port } = await start(workerData);
parentPort.postMessage({ port });
