// Plain JavaScript on purpose: it must run on any Node, so that an old one is refused in words.
const major = Number(process.versions.node.split(".")[0]);
if (major < 24) {
  process.stderr.write(
    `Chartside needs Node 24 or newer; this is ${process.version}.\n` +
      "The npm package `node` brings it: run `npm ci` with install scripts allowed (without --ignore-scripts).\n",
  );
  process.exit(1);
}
const name = process.argv[2] ?? "";
if (!/^[a-z-]+$/.test(name)) {
  process.stderr.write("usage: node src/commands/run.js <command> [arguments]\n");
  process.exit(2);
}
const { main } = await import(`./${name}.ts`);
process.exitCode = await main(process.argv.slice(3));
