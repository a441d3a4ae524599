#!/usr/bin/env bash
# Prints where code searches, splits or folds text by Character. CONTRIBUTING.md says why that is a mistake.
set -u
cd "$(dirname "$0")/../.."

# Files that may: they read command lines, variables and files of operators, natural language, or text of our own code.
allowed='^(Runner/(Commands|Main)/|Shared/Language/|Shared/Answering/(AnswerRecorder\.swift|Extractive/)'
allowed+='|Shared/Extraction/(HTML/HTMLEntities|PDF/PDFText|Office/WordStyles)\.swift'
allowed+='|Runner/Gateway/Routing/RouteTable\.swift|Runner/Inspector/InspectorResponse\.swift'
# Files that fold addresses and names as Unicode does.
allowed+='|Shared/Models/User\.swift|Shared/Storage/(UserStore|WorkspaceStore)\.swift'
# Embedded pages and documents.
allowed+='|Shared/Wire/ByteSearch\.swift|Functions/Docs/Page\.swift|Functions/Openapi/Document\.swift|Runner/Inspector/InspectorPage\.swift)'

searching='\.(split|firstIndex|lastIndex|contains|range|ranges|firstRange|trimmingPrefix|replacing|starts)\((separator: |of: |with: )?"'
closures='(split|prefix|drop|first|last|filter|contains|firstIndex|lastIndex|allSatisfy)(\(\w+: *| *)\{[^}]*\$0 [!=]= "\\?."|"[^"]*"\.contains\(\$0'
edges='\.(first|last)\??\)? *[!=]= *"'
prefixes='\.(hasPrefix|hasSuffix|lowercased|uppercased)\('
characters='\bCharacter\b[^s]|Character$|\\?\.is(Whitespace|Newline|Letter|Number|Punctuation)\b|for character in'
exempt='Self\.is|utf8|unicodeScalars|UInt8\(|properties\.|TextBytes\.|JSONRepresentable|:[0-9]+: *//'

grep -rnE "$searching|$closures|$edges|$prefixes|$characters" Functions Runner Shared --include='*.swift' |
    grep -vE "$allowed" | grep -vE "$exempt"
exit 0
