'use strict';
// Sends 50 requests a second to checkout's ClusterIP, each on a connection of its own, and counts what becomes of them.
// Windows are opened and closed by ask.js; a request belongs to every window that is open when it is sent.
const http = require('http');

const REQUESTS_PER_SECOND = 50;
const TIMEOUT_MILLISECONDS = 15000;
const target = {host: process.env.CHECKOUT_SERVICE_HOST, port: process.env.CHECKOUT_SERVICE_PORT, path: '/order'};

const windows = new Map();
let answered = 0;

class Window {
  constructor() {
    this.opened = Date.now();
    this.sent = 0;
    this.settled = 0;
    this.lost = {};
    this.closed = false;
    this.whenSettled = () => {};
  }

  settle(failure) {
    this.settled++;
    if (failure) this.lost[failure] = (this.lost[failure] || 0) + 1;
    if (this.closed && this.settled === this.sent) this.whenSettled();
  }

  // Answers "SENT LOST ECONNREFUSED:12,ECONNRESET:1" when the last request of the window has its end.
  close(answer) {
    this.closed = true;
    this.whenSettled = () => {
      const kinds = Object.entries(this.lost);
      const lost = kinds.reduce((sum, [, count]) => sum + count, 0);
      answer(`${this.sent} ${lost} ${kinds.map(kind => kind.join(':')).join(',') || '-'}`);
    };
    if (this.settled === this.sent) this.whenSettled();
  }
}

function send() {
  const mine = [...windows.values()].filter(window => !window.closed);
  mine.forEach(window => window.sent++);
  let ended = false;
  const end = failure => {
    if (ended) return;
    ended = true;
    if (failure) console.log(new Date().toISOString(), 'lost:', failure);
    else answered++;
    mine.forEach(window => window.settle(failure));
  };
  const request = http.get({...target, agent: false, headers: {connection: 'close'}}, response => {
    response.resume();
    response.on('end', () => end(response.statusCode === 200 ? null : `HTTP${response.statusCode}`));
    response.on('aborted', () => end('ABORTED'));
    response.on('error', error => end(error.code || 'ABORTED'));
  });
  request.setTimeout(TIMEOUT_MILLISECONDS, () => {
    end('TIMEOUT');
    request.destroy();
  });
  request.on('error', error => end(error.code || 'FAILED'));
}

// By the clock, not by the timer: a machine that is busy for a moment must not lower the rate.
const begin = Date.now();
let due = 0;
setInterval(() => {
  const now = Math.floor((Date.now() - begin) / 1000 * REQUESTS_PER_SECOND);
  for (; due < now; due++) send();
}, 1000 / REQUESTS_PER_SECOND);

const commands = {
  open(name, answer) {
    windows.set(name, new Window());
    answer('open');
  },
  close(name, answer) {
    const window = windows.get(name);
    if (!window) return answer(`no window ${name}`, 404);
    window.close(text => {
      windows.delete(name);
      answer(text);
    });
  },
  answered(name, answer) {
    answer(String(answered));
  },
};

http.createServer((request, response) => {
  const [, command, name] = request.url.split('/');
  const answer = (text, status = 200) => {
    response.statusCode = status;
    response.end(text + '\n');
  };
  if (Object.hasOwn(commands, command)) commands[command](name, answer);
  else answer(`no command ${command}`, 404);
}).listen(9090, '127.0.0.1');

for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => process.exit(0));
