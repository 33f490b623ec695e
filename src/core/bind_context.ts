type Functions<Context> = Record<string, (context: Context, ...rest: never[]) => unknown>;

type Bound<Fns> = {
  [Name in keyof Fns]: Fns[Name] extends (context: never, ...rest: infer Rest) => infer Result
    ? (...rest: Rest) => Result
    : never;
};

/** The functions of a module with their first argument bound to `context`. */
export function bind<Context, Fns extends Functions<Context>>(context: Context, functions: Fns): Bound<Fns> {
  return Object.fromEntries(
    Object.entries(functions).map(([name, call]) => [name, (...rest: never[]) => call(context, ...rest)]),
  ) as Bound<Fns>;
}
