'use strict';
// A worker that books one job after the other. On SIGTERM it finishes the job that it has begun, which takes it 8 seconds.
const JOB_MILLISECONDS = 8000;

console.log('at work');
const work = setInterval(() => {}, JOB_MILLISECONDS);

for (const signal of ['SIGTERM', 'SIGINT']) {
  process.once(signal, () => {
    console.log(`${signal}: finishing the job`);
    clearInterval(work);
    setTimeout(() => {
      console.log('job finished');
      process.exit(0);
    }, JOB_MILLISECONDS);
  });
}
