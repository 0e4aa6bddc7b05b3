/**
 * What shells are told once: to ask `sluice completion SHELL -- WORDS…` what the last word may become.
 *
 * Each asks the program under the name that was typed, so that it is complete with what that version knows. An answer
 * is a line for each possibility, or `:files`: there the shell knows better.
 *
 * @module
 */
export const shells = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof shells)[number]

/** In place of possibilities: the word names a file or a folder. */
export const filesLine = ':files'

export const scripts: Readonly<Record<Shell, string>> = {
  bash: `# Completes sluice in bash: eval "$(sluice completion bash)"
_sluice() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ $line == ${filesLine} ]]; then compopt -o default; else COMPREPLY+=("$line"); fi
  done < <("\${COMP_WORDS[0]}" completion bash -- "\${COMP_WORDS[@]:0:COMP_CWORD+1}" 2>/dev/null)
}
complete -F _sluice sluice
`,
  zsh: `#compdef sluice
# Completes sluice in zsh: eval "$(sluice completion zsh)"
_sluice() {
  local line
  local -a found
  for line in "\${(@f)$("\${words[1]}" completion zsh -- "\${(@)words[1,CURRENT]}" 2>/dev/null)}"; do
    if [[ $line == ${filesLine} ]]; then _files; elif [[ -n $line ]]; then found+=("$line"); fi
  done
  (( \${#found} )) && _describe sluice found
}
if [[ \${funcstack[1]} == _sluice ]]; then _sluice "$@"; else compdef _sluice sluice; fi
`,
  fish: `# Completes sluice in fish: sluice completion fish | source
function __sluice_complete
    set -l words (commandline -opc) (commandline -ct)
    for line in ($words[1] completion fish -- $words 2>/dev/null)
        if test "$line" = "${filesLine}"
            __fish_complete_path (commandline -ct)
        else
            echo $line
        end
    end
end
complete -c sluice -f -a '(__sluice_complete)'
`,
}
