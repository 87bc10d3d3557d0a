import { Argument, Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import { describeExamples, suggestChoices } from "./options";

const shells = ["bash", "zsh", "fish"] as const;

/** @param commands those that the script completes */
export function createCompletionCommand(commands: readonly LoadableCommand[]) {
  return new Command("completion")
    .description(
      "Prints a script that completes commands and options of the program customers. It also defines a function of this name, which runs npx customers: a shell completes by the first word of a line.",
    )
    .addArgument(suggestChoices(new Argument("<shell>", "your shell").choices(shells)))
    .addHelpText(
      "after",
      describeExamples(
        "completion bash > ~/.customers-completion   # and in ~/.bashrc: . ~/.customers-completion",
        "completion zsh > ~/.customers-completion    # and in ~/.zshrc, after compinit: . ~/.customers-completion",
        "completion fish > ~/.config/fish/completions/customers.fish",
      ),
    )
    .action((shell) => {
      const completed = commands.map(({ name, summary, load }) => ({
        name,
        summary,
        words: wordsOf(load()),
      }));
      console.log(renderers[shell](completed));
    });
}

interface LoadableCommand {
  name: string;
  summary: string;
  load(): CommandUnknownOpts;
}

interface CompletedCommand {
  name: string;
  summary: string;
  /** Its options, and the values of its first argument if there is a list of them. */
  words: string[];
}

function wordsOf(command: CommandUnknownOpts): string[] {
  const options = command.options.filter(({ hidden }) => !hidden).flatMap(({ long }) => long ?? []);
  const choices = command.registeredArguments[0]?.argChoices ?? [];
  return [...choices, ...options, "--help"];
}

const renderers: Record<(typeof shells)[number], (commands: readonly CompletedCommand[]) => string> = {
  bash: (commands) => `customers() { npx customers "$@"; }
_customers() {
  local words
  if [ "$COMP_CWORD" -eq 1 ]; then
    words="${namesOf(commands)} --help"
  else
    case "\${COMP_WORDS[1]}" in
${commands.map(({ name, words }) => `      ${name}) words="${words.join(" ")}" ;;`).join("\n")}
      *) words="" ;;
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _customers customers`,

  zsh: (commands) => `customers() { npx customers "$@" }
_customers() {
  if (( CURRENT == 2 )); then
    local -a names=(
${commands.map(({ name, summary }) => `      ${quote(`${name}:${summary}`)}`).join("\n")}
    )
    _describe command names
    return
  fi
  case $words[2] in
${commands.map(({ name, words }) => `    ${name}) compadd -- ${words.join(" ")} ;;`).join("\n")}
  esac
  _files
}
compdef _customers customers`,

  fish: (commands) =>
    [
      "function customers; npx customers $argv; end",
      ...commands.flatMap(({ name, summary, words }) => [
        `complete -c customers -n __fish_use_subcommand -f -a ${name} -d ${quote(summary)}`,
        `complete -c customers -n "__fish_seen_subcommand_from ${name}" -a "${words.join(" ")}"`,
      ]),
    ].join("\n"),
};

function namesOf(commands: readonly CompletedCommand[]): string {
  return commands.map(({ name }) => name).join(" ");
}

/** For any of the three shells. */
function quote(words: string): string {
  return `'${words.replaceAll("'", "'\\''")}'`;
}
