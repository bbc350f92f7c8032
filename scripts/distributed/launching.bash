# What the launchers have in common: the command line, the plan's length, the folder of the run, merge.
# To be sourced. PAYBENCH names the program, at the same path on each machine.

paybench=${PAYBENCH:-paybench}
launcher=scripts/distributed/$(basename -- "$0")
run=$(date -u +%Y%m%d-%H%M%S)-$$ # new for each run: payment ids follow from it
results=results
start_in=5 # s from when the machines are ours to request 0: time to load and to connect
grace=60   # s that a shard may take beyond start, plan and drain
length=    # s of the plan, where the plan can't tell
scenario=
engine=()           # what the launcher takes besides
run_options=(--quiet) # for paybench run
merge_options=()    # for paybench merge

refuse() {
    echo "$launcher: $1" >&2
    exit 64
}

whole() { [[ $2 =~ ^[0-9]{1,6}$ ]] || refuse "$1 $2: a whole number is needed"; }

# read_arguments OWN "$@": OWN is the launcher's own option, which has one value.
read_arguments() {
    local own=$1
    shift
    while (($# > 0)); do
        case $1 in
            --) run_options+=("${@:2}") && break ;;
            "$own" | --run | --results | --start-in | --grace | --length | --allow-missing)
                (($# > 1)) || refuse "$1 needs a value"
                take "$own" "$1" "$2"
                shift
                ;;
            -*) refuse "unknown option $1; $own, --run, --results, --start-in, --grace, --length and" \
                "--allow-missing are known; options of paybench run stand behind --" ;;
            *) [[ -z $scenario ]] || refuse "$1: one scenario is enough"; scenario=$1 ;;
        esac
        shift
    done
    [[ $scenario ]] || refuse "no scenario is named"
    ((${#engine[@]} > 0)) || refuse "$own is missing"
    command -v "$paybench" >/dev/null || refuse "$paybench is not there; PAYBENCH names the program"
}

take() {
    case $2 in
        "$1") engine=("$3") ;;
        --run) run=$3 ;;
        --results) results=$3 ;;
        --start-in) whole "$2" "$3" && start_in=$3 ;;
        --grace) whole "$2" "$3" && grace=$3 ;;
        --length) whole "$2" "$3" && length=$3 ;;
        --allow-missing) whole "$2" "$3" && merge_options+=("$2" "$3") ;;
    esac
}

# Sets `bound`, the seconds after which a shard is ended. A scenario that is wrong, or whose target is
# refused, ends the launcher here: no machine is asked for.
read_plan() {
    local plan totals known drain
    plan=$("$paybench" plan --json "$scenario") || exit
    scenario=$(realpath -- "$scenario")
    totals=$(sed -n '/^  "totals"/,/^  }/p' <<<"$plan")
    known=$(sed -nE 's/.*"length_s": ([0-9]+).*/\1/p' <<<"$totals")
    drain=$(sed -nE 's/.*"drain_s": ([0-9]+).*/\1/p' <<<"$totals")
    length=${length:-$known}
    [[ $length ]] || refuse "how long $scenario takes is not known: --length SECONDS says it at most"
    bound=$((start_in + length + 1 + ${drain:-0} + 1 + grace))
}

# A run id is used once.
make_folder() {
    [[ $run =~ ^[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$ ]] || refuse "--run $run: letters, digits, . _ -"
    mkdir -p -- "$results"
    results=$(realpath -- "$results")
    folder=$results/$run
    mkdir -- "$folder" 2>/dev/null || refuse "$folder is there: a run id is used once"
}

# attend STOP COMMAND…: waits for the engine. It has a session of its own, so that Ctrl-C comes to the
# launcher, which does STOP: the shards end well, and what they have is merged.
attend() {
    local status=0 process
    setsid "${@:2}" </dev/null 8>&- &
    process=$!
    # shellcheck disable=SC2064
    trap "$1" INT TERM
    while kill -0 "$process" 2>/dev/null; do wait "$process" || status=$?; done
    trap - INT TERM
    ((status == 0)) || echo "$launcher: the engine ended with $status" >&2
}

# The verdict, whatever the engine said: ends the launcher with merge's status.
merge() {
    exec "$paybench" merge "$2" --expect "$1" --run "$run" --output "$results" "${merge_options[@]}"
}
