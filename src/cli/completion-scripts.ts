import type { CompletedCommand, Values } from './completed-command.ts'

/**
 * What bash and zsh have in common: `_modeldex_at WORD…` says which command a line has come to, `_modeldex_values AT
 * PREVIOUS CURRENT` what can stand there: words, or @files, @models, @providers. Ids hold no character that a shell reads.
 */
function posixFunctions(commands: readonly CompletedCommand[]): string {
  const paths = commands.filter(({ path }) => path !== '').map(({ path }) => `'${path}'`)
  const values = commands.flatMap(({ path, options }) =>
    options.flatMap(({ flag, values }) =>
      values === undefined ? [] : [`    '${path}:${flag}:'*) echo "${listed(values)}" ;;`],
    ),
  )
  const options = commands.map(
    ({ path, options }) => `    '${path}:'*:-*) echo "${options.map(({ flag }) => flag).join(' ')}" ;;`,
  )
  const others = commands.map(
    ({ path, subcommands, argument }) =>
      `    '${path}:'*) echo "${subcommands.length > 0 ? subcommands.join(' ') : listed(argument)}" ;;`,
  )
  return `_modeldex_at() {
  local at='' word
  for word in "$@"; do
    case "\${at:+$at }$word" in
      ${paths.join(' | ')}) at="\${at:+$at }$word" ;;
    esac
  done
  echo "$at"
}

_modeldex_values() {
  case "$1:$2:$3" in
${[...values, ...options, ...others].join('\n')}
  esac
}
`
}

function listed(values: Values): string {
  return typeof values === 'string' ? `@${values}` : values.join(' ')
}

export function bashScript(commands: readonly CompletedCommand[]): string {
  return `# modeldex in bash: put into ~/.bashrc  eval "$(modeldex completion bash)"
${posixFunctions(commands)}
_modeldex() {
  local line="\${COMP_LINE:0:COMP_POINT}" words count current previous values value beginning
  read -ra words <<<"$line"
  # Bash itself also splits at colons, which stand in ids.
  case "$line" in *[[:space:]]) words+=('') ;; esac
  count=\${#words[@]}
  current="\${words[count - 1]}"
  previous="\${words[count - 2]}"
  values="$(_modeldex_values "$(_modeldex_at "\${words[@]:1:count-2}")" "$previous" "$current")"
  case "$values" in
    @files) COMPREPLY=(); compopt -o default 2>/dev/null; return ;;
    @*) values="$("$1" complete "\${values#@}" "$current" 2>/dev/null)" ;;
  esac
  COMPREPLY=()
  beginning="\${current%"\${current##*:}"}"
  for value in $values; do
    case "$value" in
      "$current"*) COMPREPLY+=("\${value#"$beginning"}") ;;
    esac
  done
  case "\${COMPREPLY[0]}" in */) compopt -o nospace 2>/dev/null ;; esac
}

complete -F _modeldex modeldex
`
}

export function zshScript(commands: readonly CompletedCommand[]): string {
  return `#compdef modeldex
# modeldex in zsh: put into ~/.zshrc, behind compinit  eval "$(modeldex completion zsh)"
${posixFunctions(commands)}
_modeldex() {
  local current="\${words[CURRENT]}" previous="\${words[CURRENT-1]}" values
  values="$(_modeldex_values "$(_modeldex_at "\${(@)words[2,CURRENT-1]}")" "$previous" "$current")"
  case "$values" in
    @files) _files; return ;;
    @*) values="$("\${words[1]}" complete "\${values#@}" "$current" 2>/dev/null)" ;;
  esac
  local -a all
  all=(\${=values})
  compadd -S '' -- \${(M)all:#*/}
  compadd -- \${all:#*/}
}

compdef _modeldex modeldex
`
}

export function fishScript(commands: readonly CompletedCommand[]): string {
  const paths = commands.filter(({ path }) => path !== '').map(({ path }) => quoted(path))
  const lines = commands.flatMap((command) => fishLines(command, commands))
  return `# modeldex in fish: put into ~/.config/fish/config.fish  modeldex completion fish | source
function __modeldex_is_at
    set -l at
    for word in (commandline -opc)[2..]
        if contains -- (string join -- ' ' $at $word) ${paths.join(' ')}
            set at $at $word
        end
    end
    test "$at" = "$argv[1]"
end

function __modeldex_ids
    set -l program (commandline -opc)[1]
    $program complete $argv[1] (commandline -ct) 2>/dev/null
end

complete -c modeldex -f
${lines.join('\n')}
`
}

function fishLines(
  { path, subcommands, options, argument }: CompletedCommand,
  commands: readonly CompletedCommand[],
): string[] {
  const at = `complete -c modeldex -n ${quoted(`__modeldex_is_at ${quoted(path)}`)}`
  const described = subcommands.map((name) => {
    const full = path === '' ? name : `${path} ${name}`
    const description = commands.find((command) => command.path === full)?.description ?? ''
    return `${at} -a ${name} -d ${quoted(description)}`
  })
  const flagged = options.map(({ flag, description, values }) => {
    const takes = values === undefined ? '' : ` -r${fishValues(values)}`
    return `${at} -l ${flag.replace(/^--/, '')}${takes} -d ${quoted(description)}`
  })
  return [...described, ...flagged, ...(argument.length > 0 ? [`${at}${fishValues(argument)}`] : [])]
}

function fishValues(values: Values): string {
  if (values === 'files') return ' -F'
  if (typeof values === 'string') return ` -f -a '(__modeldex_ids ${values})'`
  return ` -f -a ${quoted(values.join(' '))}`
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`
}
