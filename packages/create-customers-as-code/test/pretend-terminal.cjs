// Makes pipes look like a terminal: preloaded into the command, so that it asks its questions.
for (const stream of [process.stdin, process.stdout]) Object.assign(stream, { isTTY: true });
Object.assign(process.stdin, { setRawMode: () => process.stdin });
Object.assign(process.stdout, { columns: 120, rows: 40 });
