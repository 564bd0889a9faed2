/** The limit of node:http: answers every request with the bytes in ANSWER_FILE, after it has read its body. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const answer = readFileSync(process.env.ANSWER_FILE);
const headers = { 'content-type': 'application/json; charset=utf-8', 'content-length': answer.length };
createServer((request, response) => {
  request.resume();
  request.on('end', () => response.writeHead(200, headers).end(answer));
}).listen(Number(process.env.PORT), '127.0.0.1', () => process.stdout.write('ready\n'));
