export type Choice<Key extends string> = { key: Key; word: string };

/** The choice whose key is `value`, else what was chosen before. */
export const chooseOne = <Key extends string>(choices: Choice<Key>[], value: string, before: Key): Key =>
  choices.find(({ key }) => key === value)?.key ?? before;
