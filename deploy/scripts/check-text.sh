#!/usr/bin/env bash
# Prints where code searches, splits or folds text by Character. CONTRIBUTING.md says why that is a mistake.
set -u
cd "$(dirname "$0")/../.."

# The files that may, by name. One that needs no exception any more is reported, too.
allowed=(
    # Command lines, variables and files of operators.
    DataCheck EnvironmentFile FunctionCheck Greeting Help InvokeCommand MachineCheck Options OptionParsing OptionTable
    OptionsOfCommands OptionsOfFolders RunnerMain
    # Natural language.
    Abbreviations AnswerRecorder AnswerShape BuiltInAnswerer Evidence EvidenceLine Measure NumberWords
    QuestionPhrases SearchKey SentenceRanking SentenceRules WordForms WordMatch
    # E-mail addresses, folded as Unicode does.
    User UserStore
    # Text of our own code, and lists of words.
    HTMLEntities RouteTable WordStyles
    # Embedded pages.
    DocsPage InspectorPage
)

searching='\.(split|firstIndex|lastIndex|contains|range|ranges|firstRange|trimmingPrefix|replacing|starts)\((separator: |of: |with: )?"'
closures='(split|prefix|drop|first|last|filter|contains|firstIndex|lastIndex|allSatisfy)(\(\w+: *| *)\{[^}]*\$0 [!=]= "\\?."|"[^"]*"\.contains\(\$0'
edges='\.(first|last)\??\)? *[!=]= *"'
prefixes='\.(hasPrefix|hasSuffix|lowercased|uppercased)\('
characters='\bCharacter\b[^s]|Character$|\\?\.is(Whitespace|Newline|Letter|Number|Punctuation)\b|for character in'
exempt='Self\.is|utf8|unicodeScalars|UInt8\(|properties\.|TextBytes\.|JSONRepresentable|:[0-9]+: *//'

names=$(IFS='|'; echo "${allowed[*]}")
found=$(grep -rnE "$searching|$closures|$edges|$prefixes|$characters" Functions Runner Shared --include='*.swift' | grep -vE "$exempt")
grep -vE "^[^:]*/($names)\.swift:" <<<"$found"
for name in "${allowed[@]}"; do
    grep -qE "^[^:]*/$name\.swift:" <<<"$found" || echo "$name.swift needs no exception in deploy/scripts/check-text.sh"
done
exit 0
