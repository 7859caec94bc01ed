// A server of HTTP/2 that does what its targets say. Arguments: port, directory of the certificate, directory of the files.
'use strict';
const crypto = require('crypto');
const fs = require('fs');
const http2 = require('http2');
const [port, home, files] = process.argv.slice(2);
const codes = http2.constants;
const refused = new Set();

const server = http2.createSecureServer({
  key: fs.readFileSync(`${home}/key.pem`),
  cert: fs.readFileSync(`${home}/cert.pem`),
  allowHTTP1: true,
  paddingStrategy: codes.PADDING_STRATEGY_MAX,
});

const moods = {
  '/small.txt': stream => stream.respondWithFile(`${files}/small.txt`),
  '/ten-megabytes.bin': stream => stream.respondWithFile(`${files}/ten-megabytes.bin`),
  '/upload': stream => {
    const hash = crypto.createHash('sha256');
    let length = 0;
    stream.on('data', part => {
      hash.update(part);
      length += part.length;
    });
    stream.on('end', () => {
      stream.respond({ ':status': 200, 'x-body-sha256': hash.digest('hex').toUpperCase() });
      stream.end(`${length}`);
    });
  },
  '/request-id': (stream, headers) => {
    stream.respond({ ':status': 200 });
    stream.end(headers['x-request-id']);
  },
  '/trailers': stream => {
    stream.respond({ ':status': 200 }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'x-trailer': 'behind it all' }));
    stream.end('body');
  },
  '/hints': stream => {
    for (let i = 0; i < 3; i++) stream.additionalHeaders({ ':status': 103, link: `</${i}>` });
    stream.respond({ ':status': 200 });
    stream.end('hinted');
  },
  // Says goodbye in two steps, and answers.
  '/goodbye': (stream, headers) => {
    stream.session.close();
    stream.respond({ ':status': 200 });
    stream.end(headers['x-request-id']);
  },
  // The connection is lost before there is an answer.
  '/lost': stream => stream.session.destroy(),
  '/lost-half-way': stream => {
    stream.respond({ ':status': 200, 'content-length': 10 });
    stream.write('half', () => setImmediate(() => stream.session?.destroy()));
  },
  '/reset': stream => stream.close(codes.NGHTTP2_INTERNAL_ERROR),
  // Ends a body before its announced end.
  '/cut-short': stream => {
    stream.respond({ ':status': 200, 'content-length': 10 });
    stream.end('half');
  },
  // Refuses each id once.
  '/refused': (stream, headers) => {
    const id = headers['x-request-id'];
    if (!refused.has(id)) {
      refused.add(id);
      stream.close(codes.NGHTTP2_REFUSED_STREAM);
      return;
    }
    stream.respond({ ':status': 200 });
    stream.end(id);
  },
  '/http-1.1': stream => stream.close(codes.NGHTTP2_HTTP_1_1_REQUIRED),
  // Answers before it has read, and wants no more.
  '/too-large': stream => {
    stream.respond({ ':status': 413 });
    stream.end('too large', () => stream.close(codes.NGHTTP2_NO_ERROR));
  },
  // Allows one stream at a time from now on, and all again from then on.
  '/one-at-a-time': stream => {
    stream.session.settings({ maxConcurrentStreams: 1 });
    stream.respond({ ':status': 200 });
    stream.end('one');
  },
  '/many-again': stream => {
    stream.session.settings({ maxConcurrentStreams: 100 });
    stream.respond({ ':status': 200 });
    stream.end('many');
  },
};

server.on('stream', (stream, headers) => {
  stream.on('error', () => {});
  const mood = moods[headers[':path']];
  if (mood) {
    mood(stream, headers);
  } else {
    stream.respond({ ':status': 404 }, { endStream: true });
  }
});
// For HTTP/1.1 only: without this, Node would wrap the streams of HTTP/2 too, and send trailers of its own.
server.removeAllListeners('newListener');
server.on('request', (request, response) => {
  if (request.httpVersionMajor < 2) response.end(`HTTP/${request.httpVersion}`);
});
server.on('session', session => session.on('error', () => {}));
server.on('sessionError', () => {});
server.listen(Number(port), '127.0.0.1');
