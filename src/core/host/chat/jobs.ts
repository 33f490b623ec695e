/** The running dispatches, by which the gateway's cancels and status calls find them. */

export type RunningJob = { job_id: string; fence: number; cancel(): void };

export type Jobs = {
  /**
   * Registers a dispatch; the returned function removes it. A dispatch with a later fence cancels those of the same job
   * with an earlier one.
   */
  start(job: RunningJob): () => void;
  /** Tells a running attempt to stop, which then ends in order with its receipt; false when it does not run. */
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
