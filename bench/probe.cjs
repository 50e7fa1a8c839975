// Counts the requests of a process by verb, dry runs and watches by themselves; loaded into it by --require.
const https = require('node:https');

const counts = {};
globalThis.benchRequests = counts;
const {request} = https;
https.request = (url, options, ...rest) => {
  const isDryRun = url.searchParams.get('dryRun') === 'All';
  const isWatch = url.searchParams.get('watch') === 'true';
  const verb = isDryRun ? 'dry run' : isWatch ? 'watch' : (options.method ?? 'GET');
  counts[verb] = (counts[verb] ?? 0) + 1;
  return request(url, options, ...rest);
};
process.on('exit', () => {
  if (process.env.BENCH_COUNTS)
    require('node:fs').writeFileSync(process.env.BENCH_COUNTS, JSON.stringify(counts));
});
