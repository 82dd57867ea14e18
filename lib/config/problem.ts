/** One error of the configuration, where a person finds it. Lines and columns count from 1. */
export type ConfigProblem = {
  file: string;
  line: number;
  column: number;
  path: string;
  /** What is wrong. */
  message: string;
  /** What would be right. */
  hint: string;
};

export const formatProblem = ({ file, line, column, path, message, hint }: ConfigProblem): string =>
  `${file}:${line}:${column}: ${path === '' ? '' : `${path}: `}${message}${hint === '' ? '' : ` ${hint}`}`;
