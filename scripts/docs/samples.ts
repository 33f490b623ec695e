/**
 * A code block of a page. Its info string is `lang`, then words: `file=NAME`, `run`, `until="TEXT"`, `needs=WORD`;
 * `no-run: REASON` takes the rest.
 */
export type Sample = {
  lang: string;
  text: string;
  /** The name under which the reader saves the block; the block is not run by itself. */
  file?: string;
  /**
   * True when the command in the first line of the saved file runs the file: `node` or another program, and its name.
   */
  run?: true;
  /** The output at which the command is ready; the command keeps running in its own terminal. */
  until?: string;
  /** A tool that this sample needs beside the system, such as `python`. */
  needs?: string;
  /** The reason why the sample is not run. */
  no_run?: string;
};

const FENCE = /^```(.*)\n([\s\S]*?)^```$/gm;

/** The code blocks of a page in order. Throws for an unknown word in an info string. */
export function samplesOf(markdown: string): Sample[] {
  return [...markdown.matchAll(FENCE)].map(([, info, text]) => ({ ...readInfo(info!), text: text! }));
}

/** Reads an info string. */
export function readInfo(info: string): Omit<Sample, "text"> {
  const [head = "", reason] = info.split(/\s+no-run:\s*/, 2);
  const [lang = "", ...words] = head.trim().match(/[^\s"]+(?:"[^"]*")?/g) ?? [];
  const sample: Omit<Sample, "text"> = { lang };
  if (reason !== undefined) sample.no_run = reason.trim();
  for (const word of words) {
    if (word === "run") {
      sample.run = true;
      continue;
    }
    const [, name, value] = /^(file|until|needs)="?([^"]+)"?$/.exec(word) ?? [];
    if (name === undefined) throw new Error(`the info string of a code block says "${word}"`);
    sample[name as "file" | "until" | "needs"] = value!;
  }
  return sample;
}

/**
 * The command in the first line of a file that runs: `// node NAME`, or `# python3 NAME`. Throws where there is none.
 */
export function commandOf({ file, text }: Sample): string {
  const [, command] = /^(?:\/\/|#) ((?:node|python3) \S+)\n/.exec(text) ?? [];
  if (command === undefined || command.split(" ")[1] !== file) throw new Error(`${file} does not begin with its command`);
  return command;
}
