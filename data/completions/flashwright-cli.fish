# SPDX-License-Identifier: GPL-3.0-or-later
# Completion of flashwright-cli for fish. Commands, options and values are asked of the program
# itself, so that they are those of the version that is installed.

function __flashwright_cli_ask
    env LC_ALL=C.UTF-8 flashwright-cli $argv 2>/dev/null
end

function __flashwright_cli_models
    __flashwright_cli_ask virtual | sed -n '/^Models:/{n;p;}' | string trim | string split ' '
end

# Kinds of faults, behind “fault=” of a virtual board.
function __flashwright_cli_faults
    __flashwright_cli_ask virtual | sed -n '/^Kinds of faults/,$s/^  \([a-z-]*\) .*/\1/p'
end

# Values of an option, or of an argument (''), of a command.
function __flashwright_cli_values --argument-names command option
    switch "$command:$option"
        case '*:--board' '*:-b'
            __flashwright_cli_ask boards --json | string match -ra '(?<="id":")[^"]*'
            __flashwright_cli_models | string replace -r '^' virtual:
        case 'flash:--shared'
            printf '%s\n' keep erase ask
        case 'read:--format' 'read:-f'
            printf '%s\n' bin hex dfu
        case 'image:--compress'
            printf '%s\n' gzip xz zstd
        case '*:--output' '*:-o' '*:--report' 'report:--layout' '*:--console'
            __fish_complete_path (commandline -ct | string replace -r '^--[a-z-]+=' '')
        case '*:-*'
        case 'advice:'
            __flashwright_cli_ask advice --json | string match -ra '(?<="code":")[^"]*'
        case 'virtual:'
            __flashwright_cli_models
        case 'check:' 'flash:' 'image:' 'inspect:' 'report:'
            __fish_complete_path (commandline -ct)
    end
end

function __flashwright_cli
    set -l words (commandline -opc)
    set -l cur (commandline -ct)
    set -l command (string match -rv '^-' -- $words[2..-1])[1]
    if test -z "$command"
        __flashwright_cli_ask --help | string match -rg '^  ([a-z]+)  '
        printf '%s\n' --help --version
        return
    end
    if string match -q '*fault=*' -- $cur
        set -l before (string match -rg '^(.*[=;])' -- $cur)
        __flashwright_cli_faults | string replace -r -- '^' $before
        return
    end
    if string match -qr '^--[a-z-]+=' -- $cur
        set -l option (string split -m 1 = -- $cur)[1]
        __flashwright_cli_values $command $option | string replace -r -- '^' "$option="
        return
    end
    set -l previous $words[-1]
    if string match -q -- '-*' $previous; and __flashwright_cli_ask $command --help |
            string match -qr -- "^  (-., )?$previous=|^  $previous, --[a-z-]+="
        __flashwright_cli_values $command $previous
    else if string match -q -- '-*' $cur
        __flashwright_cli_ask $command --help | string match -rg '^  (?:-., )?(--[a-z-]+=?)'
        echo --help
    else
        __flashwright_cli_values $command ''
    end
end

complete -c flashwright-cli -f -a '(__flashwright_cli)'
