'use strict';
// A shop's checkout, as many are written: each order takes 2 seconds, and on SIGTERM the server takes no new ones and finishes
// those that it has. Alone that is not enough: requests are still sent to it for a moment.
const http = require('http');

const ORDER_MILLISECONDS = 2000;

const server = http.createServer((request, response) => {
  if (request.url === '/ready') {
    response.end('ready\n');
    return;
  }
  setTimeout(() => response.end('paid\n'), ORDER_MILLISECONDS);
});

server.listen(8080);

for (const signal of ['SIGTERM', 'SIGINT']) {
  process.on(signal, () => server.close(() => process.exit(0)));
}
