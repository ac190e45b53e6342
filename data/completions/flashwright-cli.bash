# SPDX-License-Identifier: GPL-3.0-or-later
# Completion of flashwright-cli for bash. Commands, options and values are asked of the program
# itself, so that they are those of the version that is installed.

_flashwright_cli_ask() {
    LC_ALL=C.UTF-8 flashwright-cli "$@" 2>/dev/null
}

# Values of an option, or of an argument ("") of a command, one in a line; "@files" stands for files.
# What the program says of boards comes from their makers: it is compared and printed, never taken
# for words of this shell.
_flashwright_cli_values() {
    case $1:$2 in
        *:--board | *:-b)
            _flashwright_cli_ask boards --json | grep -o '"id":"[^"]*"' | cut -d '"' -f 4
            _flashwright_cli_ask virtual | sed -n '/^Models:/{n;p;}' | tr -s ' ' '\n' |
                sed -n 's/^./virtual:&/p'
            ;;
        flash:--shared) printf '%s\n' keep erase ask ;;
        read:--format | read:-f) printf '%s\n' bin hex dfu ;;
        image:--compress) printf '%s\n' gzip xz zstd ;;
        *:--output | *:-o | *:--report | report:--layout | *:--console) echo @files ;;
        *:-?*) ;;
        advice:) _flashwright_cli_ask advice --json | grep -o '"code":"[^"]*"' | cut -d '"' -f 4 ;;
        virtual:)
            _flashwright_cli_ask virtual | sed -n '/^Models:/{n;p;}' | tr -s ' ' '\n'
            ;;
        check: | flash: | image: | inspect: | report:) echo @files ;;
    esac
}

# Kinds of faults, behind “fault=” of a virtual board.
_flashwright_cli_faults() {
    _flashwright_cli_ask virtual | sed -n '/^Kinds of faults/,$s/^  \([a-z-]*\) .*/\1/p'
}

# Puts the words of a line into "words", without their quotes, and runs nothing of it. An
# unfinished one is the last, if only an empty one.
_flashwright_cli_split() {
    local line=$1 word='' quote='' char i
    words=()
    for ((i = 0; i < ${#line}; i++)); do
        char=${line:i:1}
        if [[ $char == "$quote" ]]; then
            quote=''
        elif [[ $char == \\ && $quote != "'" ]]; then
            i=$((i + 1))
            word+=${line:i:1}
        elif [[ -n $quote ]]; then
            word+=$char
        elif [[ $char == [\'\"] ]]; then
            quote=$char
        elif [[ $char == [[:space:]] ]]; then
            [[ -z $word ]] || words+=("$word")
            word=''
        else
            word+=$char
        fi
    done
    words+=("$word")
}

# Candidates for what is typed of the name of a file; of one with a colon or an equals sign readline
# has the beginning already.
_flashwright_cli_files() {
    local path=$1 before=''
    [[ $path != *[:=]* ]] || before=${path%"${path##*[:=]}"}
    # Only this one is a word for the shell.
    [[ $path != \~/* ]] || path=$HOME/${path#\~/}
    mapfile -t COMPREPLY < <(compgen -f -- "$path")
    COMPREPLY=("${COMPREPLY[@]#"$before"}")
}

_flashwright_cli() {
    local line=${COMP_LINE:0:COMP_POINT}
    local words cur previous command='' option='' value candidates candidate word

    _flashwright_cli_split "$line"
    cur=${words[-1]}
    previous=${words[-2]}
    for word in "${words[@]:1:${#words[@]}-2}"; do
        [[ $word == -* ]] || { command=$word && break; }
    done
    value=$cur
    if [[ $cur == --*=* ]]; then
        option=${cur%%=*}
        value=${cur#*=}
    elif [[ $previous == -* ]] &&
        _flashwright_cli_ask "$command" --help |
        grep -qE -e "^  (-., )?$previous=|^  $previous, --[a-z-]+="; then
        option=$previous
    fi

    if [[ -z $command ]]; then
        candidates=$(_flashwright_cli_ask --help | sed -n 's/^  \([a-z]*\)  .*/\1/p'
            printf '%s\n' --help --version)
    elif [[ $value == *fault=* && (-n $option || $command == virtual) ]]; then
        value=${value##*[=;]}
        candidates=$(_flashwright_cli_faults)
    elif [[ -z $option && $cur == -* ]]; then
        candidates=$(_flashwright_cli_ask "$command" --help | grep -oE -e '^  (-., )?--[a-z-]+=?' |
            grep -oE -e '--[a-z-]+=?'
            echo --help)
    else
        candidates=$(_flashwright_cli_values "$command" "$option")
    fi

    COMPREPLY=()
    if [[ $candidates == @files ]]; then
        # readline quotes what is marked as the name of a file.
        _flashwright_cli_files "${words[-1]#"${option:+$option=}"}"
        compopt -o filenames 2>/dev/null
        return
    fi
    # What readline takes for words before the current one is there already.
    word=${value%"${value##*[:=]}"}
    while IFS= read -r candidate; do
        [[ -n $candidate && $candidate == "$value"* ]] || continue
        candidate=${candidate#"$word"}
        [[ $candidate != *[!A-Za-z0-9_.,:=/+-]* ]] || candidate=$(printf %q "$candidate")
        COMPREPLY+=("$candidate")
    done <<<"$candidates"
    [[ ${#COMPREPLY[@]} -ne 1 || ${COMPREPLY[0]} != *= ]] || compopt -o nospace 2>/dev/null
}

complete -F _flashwright_cli flashwright-cli
