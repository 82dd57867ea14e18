/** After the last sign-off and start a restore waits this long before its first step; an abort takes it back. */
export const cancelWindowSeconds = 10;

/** The numbers of the steps of a restore; without a safety copy none is made and the others move up. */
export type RestoreSteps = {
  copy: number | null;
  close: number;
  load: number;
  switch: number;
  watch: number;
};

export function restoreSteps(safetyCopy: boolean): RestoreSteps {
  const first = safetyCopy ? 2 : 1;
  return {
    copy: safetyCopy ? 1 : null,
    close: first,
    load: first + 1,
    switch: first + 2,
    watch: first + 3,
  };
}
