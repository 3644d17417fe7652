'use strict';
// Asks the client in the same pod: node ask.js open|close|answered [WINDOW]
const http = require('http');

const [command, name = ''] = process.argv.slice(2);
http.get({host: '127.0.0.1', port: 9090, path: `/${command}/${name}`}, response => {
  response.pipe(process.stdout);
  response.on('end', () => { process.exitCode = response.statusCode === 200 ? 0 : 1; });
}).on('error', error => {
  console.error(error.message);
  process.exitCode = 1;
});
