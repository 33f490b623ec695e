/** Dispatches that run now, so that a cancel or a question of the gateway finds them. */

export type RunningJob = { job_id: string; fence: number; cancel(): void };

export type Jobs = {
  /**
   * Registers a dispatch; the returned function takes it off again. A later fence of the same job cancels the earlier
   * one.
   */
  start(job: RunningJob): () => void;
  /** True when this attempt was running and is told to stop; it then ends in order with its receipt. */
  cancel(job_id: string, fence: number): boolean;
  isRunning(job_id: string): boolean;
  readonly count: number;
};

/** One for each agent. */
export function createJobs(): Jobs {
  const running = new Map<string, Set<RunningJob>>();
  return {
    start(job) {
      const attempts = running.get(job.job_id) ?? new Set();
      for (const other of attempts) if (other.fence < job.fence) other.cancel();
      running.set(job.job_id, attempts.add(job));
      return () => {
        attempts.delete(job);
        if (attempts.size === 0 && running.get(job.job_id) === attempts) running.delete(job.job_id);
      };
    },
    cancel(job_id, fence) {
      const attempt = [...(running.get(job_id) ?? [])].find((job) => job.fence === fence);
      attempt?.cancel();
      return attempt !== undefined;
    },
    isRunning: (job_id) => running.has(job_id),
    get count() {
      return [...running.values()].reduce((sum, attempts) => sum + attempts.size, 0);
    },
  };
}
