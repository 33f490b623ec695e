import js from "@eslint/js";
import tseslint from "typescript-eslint";
import b3iq from "./scripts/lint/rules.js";

const ENV = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: "Only src/config.ts reads the environment.",
};

export default tseslint.config(
  // Its program is compiled with the client that it calls, outside the checkout.
  { ignores: ["node_modules/", "generated/", "dist/", "web/", "scripts/contract/clients/", "**/*.cjs", "**/*.d.ts"] },
  {
    files: ["**/*.ts"],
    extends: [js.configs.recommended, tseslint.configs.base],
    plugins: { b3iq },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // The compiler knows these better.
      "no-undef": "off",
      "no-unused-vars": "off",
      "no-redeclare": "off",
      "no-dupe-class-members": "off",
      "@typescript-eslint/no-unused-vars": [
        "error",
        {
          argsIgnorePattern: "^_",
          varsIgnorePattern: "^_",
          destructuredArrayIgnorePattern: "^_",
          caughtErrors: "none",
        },
      ],
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: { arguments: true, attributes: false } }],
      "@typescript-eslint/await-thenable": "error",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/consistent-type-imports": [
        "error",
        { fixStyle: "separate-type-imports", disallowTypeAnnotations: false },
      ],
      "@typescript-eslint/no-explicit-any": "error",
      "no-control-regex": "off",
      // A cause may hold what must not be said; loops in constant time assign what nobody reads.
      "preserve-caught-error": "off",
      "no-useless-assignment": "off",
      "no-empty": ["error", { allowEmptyCatch: true }],
      eqeqeq: ["error", "always", { null: "ignore" }],
      "no-var": "error",
      "prefer-const": "error",
      "b3iq/wei-is-no-number": "error",
    },
  },
  {
    files: ["src/**/*.ts"],
    ignores: ["src/config.ts", "src/config/**"],
    rules: { "no-restricted-syntax": ["error", ENV] },
  },
  // A handler of a socket or a test server may be async; a test fails when it rejects.
  { files: ["test/**/*.ts"], rules: { "@typescript-eslint/no-misused-promises": "off" } },
  {
    files: ["src/**/*.ts", "packages/**/*.ts"],
    rules: {
      "b3iq/hold-and-settle": "error",
      "max-lines": ["error", { max: 350 }],
      "max-lines-per-function": ["error", { max: 70 }],
    },
  },
);
