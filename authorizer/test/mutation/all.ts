// Every test of the authorizer in one file, as mutation testing runs them: a mutant costs one start of Jest's
// environment then, rather than one for each file.
const files = [
  "cache",
  "compile",
  "events",
  "fetch-text",
  "json",
  "key-set",
  "keys",
  "log",
  "messages",
  "pattern",
  "policy",
  "read-event",
  "reason",
  "renewed",
  "routes",
  "security",
  "signature-v4",
  "suspensions",
  "usage-keys",
];

for (const file of files) {
  describe(file, () => {
    require(`../${file}.test`);
  });
}
