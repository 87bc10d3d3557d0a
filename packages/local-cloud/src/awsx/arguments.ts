// Arguments of components: what is not built here must not be passed over in silence.

/** @throws where there are others than the known ones */
export function refuseOthers(component: string, args: object, known: readonly string[]): void {
  const others = Object.entries(args).flatMap(([name, value]) =>
    value === undefined || known.includes(name) ? [] : [name],
  );
  if (others.length > 0) {
    throw new Error(`the local awsx builds no ${component} with ${others.join(", ")}. Add it to local/awsx.`);
  }
}
