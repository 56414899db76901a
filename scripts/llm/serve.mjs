// Serves one GGUF file as an OpenAI-compatible chat model on the loopback: node serve.mjs MODEL PORT THREADS
import http from "node:http";
import {getLlama, LlamaChatSession} from "node-llama-cpp";

const [, , modelPath, port, threads] = process.argv;
const llama = await getLlama({gpu: false, build: "never", logLevel: "error"});
const model = await llama.loadModel({modelPath});
const context = await model.createContext({contextSize: 4096, threads: Number(threads ?? 2), sequences: 1});
// One sequence for all: what a prompt begins with, as the last one did, is not read again.
const contextSequence = context.getSequence();
let last = Promise.resolve();

async function complete({messages, temperature = 0, max_tokens = 400}) {
  const session = new LlamaChatSession({contextSequence, autoDisposeSequence: false});
  try {
    const before = messages.slice(0, -1).map(({role, content}) =>
      role === "assistant" ? {type: "model", response: [content]} : {type: "user", text: content});
    session.setChatHistory([...session.getChatHistory(), ...before]);
    return await session.prompt(messages.at(-1).content, {temperature, maxTokens: max_tokens});
  } finally {
    session.dispose({disposeSequence: false});
  }
}

function answer(response, status, body) {
  response.writeHead(status, {"content-type": "application/json"});
  response.end(JSON.stringify(body));
}

http.createServer((request, response) => {
  if (request.method === "GET") return answer(response, 200, {object: "list", data: [{id: "qwen", object: "model"}]});
  let text = "";
  request.on("data", (part) => (text += part));
  request.on("end", () => {
    const body = JSON.parse(text);
    if (body.response_format) return answer(response, 400, {error: {message: "response_format is not supported"}});
    last = last
      .then(() => complete(body))
      .then((content) => answer(response, 200, {choices: [{index: 0, message: {role: "assistant", content}}]}))
      .catch((error) => answer(response, 500, {error: {message: String(error)}}));
  });
}).listen(Number(port), "127.0.0.1", () => console.log(`http://127.0.0.1:${port}/v1`));
