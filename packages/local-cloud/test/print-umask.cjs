// Ends the process as soon as it sets its umask, which it prints.
const { umask } = process;
process.umask = (mask) => {
  if (mask === undefined) return umask.call(process);
  console.error(`umask ${mask.toString(8)}`);
  process.exit();
};
