// One rule of the contract dropped or bent each, as a change to the service's own text.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are code

export interface Mutation {
  rule: string
  file: string
  /** Must occur exactly once in the file. */
  find: string
  replace: string
}

/*
 * Not in the list, because nothing that can be asked tells them from the service as it is:
 * - rule 3 dropped for terms that hold a letter: rule 2 finds all that it would (match.ts says why)
 * - `form !== term` dropped in rule 3: a single run of digits that stands in the spaced form is a substring as well
 * - terms, or capabilities, that are named twice counted twice
 * - `recency` dropped from the standing order: the entries are sorted by it before, and sorting is stable
 * - a name taken to say nothing new where the id only begins with it: its tails begin tails of the id
 * - the spaced form of an ignored term asked for in closeness 2: it is empty, and so stands everywhere
 */
export const mutations: Mutation[] = [
  ...inFile('src/catalog/match.ts', [
    ['query: at most 256', 'MAX_QUERY_LENGTH = 256', 'MAX_QUERY_LENGTH = 257'],
    ['query: up to 256', 'MAX_QUERY_LENGTH = 256', 'MAX_QUERY_LENGTH = 255'],
    ['rule 1', "{ kind: 'text', value: term }", "{ kind: 'text', value: `\\u0003${term}` }"],
    [
      'rule 1: anywhere, not at a run alone',
      "{ kind: 'text', value: term }",
      "{ kind: 'runs', value: ` ${term}` }",
    ],
    ['rule 1: where no run starts', ", { kind: 'later', value: term }]", ']'],
    [
      'rule 1: where no run starts, for a term that begins with one',
      "term.startsWith(runs(term)[0] ?? '')",
      'false',
    ],
    ['rule 1: short terms', "{ kind: 'substring', value: term }", "{ kind: 'start', value: term }"],
    ['rule 2', 'if (!isLong)', 'if (true)'],
    ['rule 2: holds a letter', 'if (holdsLetter(term)) {', 'if (hasRun(term)) {'],
    ['rule 2: at least 5 characters', 'MIN_JOINED_LENGTH = 5', 'MIN_JOINED_LENGTH = 4'],
    ['rule 2: 5 characters are enough', 'MIN_JOINED_LENGTH = 5', 'MIN_JOINED_LENGTH = 6'],
    [
      'rule 2: characters are code points',
      '!isShorter(form, MIN_JOINED_LENGTH)',
      'form.length >= MIN_JOINED_LENGTH',
    ],
    ['rule 2: or holds a digit', 'MIN_JOINED_LENGTH) || holdsDigit(term)', 'MIN_JOINED_LENGTH)'],
    ['rule 2: or has 5 characters', '!isShorter(form, MIN_JOINED_LENGTH) || ', ''],
    ['rule 2: from the start of a run on', "{ kind: 'tail', value: form }", "{ kind: 'text', value: form }"],
    ['rule 2: short terms', 'if (isMixed || isDigit)', 'if (isDigit)'],
    ['rule 3', 'return holdsDigit(term) && form !== term ?', 'return false ?'],
    [
      'rule 3: from the start of a run on',
      '[substring, runStart(term)]',
      "[substring, { kind: 'text', value: form }]",
    ],
    ['rule 3: short terms', 'if (isMixed || isDigit)', 'if (isMixed)'],
    ['terms without letter or digit: ignored', 'readable.length > 0 ? readable : all', 'all'],
    ['terms without letter or digit: alone', '? readable : all', "? readable : ['\\u0003']"],
    ['terms without letter or digit: all of them', '? readable : all', '? readable : all.slice(0, 1)'],
    [
      'terms of digits are not ignored',
      'return holdsLetter(term) || holdsDigit(term)',
      'return holdsLetter(term)',
    ],
    [
      'terms of letters are not ignored',
      'return holdsLetter(term) || holdsDigit(term)',
      'return holdsDigit(term)',
    ],
    ['fold before splitting', 'splitTerms(folded))]', 'splitTerms(query).map(fold))]'],
    ['equal folded, without letter or digit', 'key: equalityKey(folded)', 'key: joined(folded)'],
    ['closeness 0: the whole query', 'key: equalityKey(folded)', 'key: equalityKey(all[0] ?? folded)'],
    [
      'closeness 1: the whole query',
      "kind: 'title', value: joined(folded)",
      "kind: 'title', value: joined(all[0] ?? '')",
    ],
    ['closeness 1: in joined form', "kind: 'title', value: joined(folded)", "kind: 'title', value: folded"],
    [
      'closeness 2: one letter starts at a run',
      "return { kind: 'start', value: form }",
      "return { kind: 'substring', value: form }",
    ],
    [
      'rule 3 and closeness 2: must end where a run ends',
      "all.length > 1 && holdsDigit(all.at(-1) ?? '')",
      'false',
    ],
    [
      'rule 3 and closeness 2: the last run may go on',
      "all.length > 1 && holdsDigit(all.at(-1) ?? '')",
      'true',
    ],
    ['closeness 2: one run need not end', 'all.length > 1 && holdsDigit', 'holdsDigit'],
    ['closeness 2: letters need not end', "all.length > 1 && holdsDigit(all.at(-1) ?? '')", 'all.length > 1'],
    [
      'closeness 2: terms without a digit too',
      'readable.length > 0 ? readable.map(',
      'readable.length > 0 && readable.every(holdsDigit) ? readable.map(',
    ],
    ['closeness 2: each term by itself', 'readable.map((term) => [runStart(term)])', '[[runStart(folded)]]'],
    [
      "closeness 2: ignored terms don't count",
      'readable.length > 0 ? readable.map(',
      'readable.length === all.length ? readable.map(',
    ],
    [
      'closeness 2: an empty spaced form fits nothing',
      'readable.map((term) => [runStart(term)]) : null',
      'readable.map((term) => [runStart(term)]) : []',
    ],
  ]),

  ...inFile('src/db/search-text.ts', [
    ['fold: NFKC', ".normalize('NFKC')", ''],
    ['fold: NFKC, not NFC', "'NFKC'", "'NFC'"],
    ['fold: lower case', ".normalize('NFKC').toLowerCase()", ".normalize('NFKC')"],
    [
      'fold: NFKC, then lower case',
      "text.normalize('NFKC').toLowerCase()",
      "text.toLowerCase().normalize('NFKC')",
    ],
    ['fold: lower case, not case folding', '.toLowerCase()', '.toUpperCase().toLowerCase()'],
    ['split at white space', 'folded.split(WHITE_SPACE)', '[folded]'],
    [
      'split at Unicode white space, U+0085',
      'const WHITE_SPACE = /\\p{White_Space}+/u',
      'const WHITE_SPACE = /\\s+/u',
    ],
    ['split at Unicode white space', 'const WHITE_SPACE = /\\p{White_Space}+/u', 'const WHITE_SPACE = / +/u'],
    ['trim Unicode white space', 'text.slice(from, to)', 'text.trim()'],
    ['letters are Unicode’s', 'const LETTER = /\\p{L}/u', 'const LETTER = /[a-z]/u'],
    ['letters without case', 'const LETTER = /\\p{L}/u', 'const LETTER = /\\p{Ll}/u'],
    ['digits are Unicode’s', 'const DIGIT = /\\p{N}/u', 'const DIGIT = /\\d/u'],
    ['digits are more than decimal ones', 'const DIGIT = /\\p{N}/u', 'const DIGIT = /\\p{Nd}/u'],
    ['runs are of Unicode’s letters', 'const RUN = /\\p{L}+', 'const RUN = /[a-z]+'],
    ['runs are of Unicode’s digits', '+|\\p{N}+/gu', '+|\\d+/gu'],
    [
      'runs are of letters or of digits',
      'const RUN = /\\p{L}+|\\p{N}+/gu',
      'const RUN = /[\\p{L}\\p{N}]+/gu',
    ],
    ['joined form: letters and digits only', '[^\\p{L}\\p{N}]+', '[^\\p{L}\\p{N}.]+'],
    ['joined form: no marks', '[^\\p{L}\\p{N}]+', '[^\\p{L}\\p{M}\\p{N}]+'],
    ['joined form: Unicode’s letters', '[^\\p{L}\\p{N}]+', '[^a-z\\p{N}]+'],
    ['joined form', "return folded.replace(NEITHER, '')", 'return folded'],
    ['rule 2: from a run on, across the next', 'tails.push(whole.slice(from))', 'tails.push(run)'],
    ['rule 2: short terms start at a run', 'if (isOnly && ', 'if ('],
    [
      'rule 3: short terms start at a run',
      'tell(NO_CHARACTER, first)',
      'for (const each of run) tell(NO_CHARACTER, firstCharacter(each))',
    ],
    ['rule 2: a run of one and the next', 'tell(first, firstCharacter(next))', 'tell(first, first)'],
    ['rule 3: not across id and name', 'join(` ${TEXT_END} `)', "join(' ')"],
    ['equal in joined form', 'return joined(folded) || RUN_START + folded', 'return folded'],
    ['equal in joined form, if not empty', 'joined(folded) || RUN_START + folded', 'joined(folded)'],
    ['equal in joined form: an entry', "return runs.join('') || RUN_START + folded", 'return folded'],
    ['equal in joined form, if not empty: an entry', "runs.join('') || RUN_START + folded", "runs.join('')"],
    ['rules 2 and 3: a name of other runs', 'return runs.every(', 'return runs.some('],
  ]),

  // A tag in front of a template drops or joins what it holds, however that is called.
  ...inFile('src/ingest/serving.ts', [
    ['matching: in the id', 'searched: [searchedId, searchedName]', 'searched: [searchedName]'],
    ['matching: in the name', 'searched: [searchedId, searchedName]', 'searched: [searchedId]'],
    [
      'the texts: the id, not the model ID alone',
      'searched: [searchedId, searchedName]',
      'searched: [searchable(modelId), searchedName]',
    ],
    [
      'the texts: not across id and name',
      'searched: [searchedId, searchedName]',
      "searched: [searchable(`${id}${model.name ?? ''}`)]",
    ],
    ['rules 2 and 3: the name', '[searchedId] : [searchedId, searchedName]', '[searchedId] : [searchedId]'],
    ['rules 2 and 3: the id', '? [searchedId] : [searchedId, ', '? [searchedName] : ['],
    ['the id is the whole provider/model form', 'searchable(id)', 'searchable(modelId)'],
    ['closeness 0: the model ID', 'const model = equalityKey(fold(modelId))', "const model = ''"],
    [
      'closeness 0: not the id',
      'const model = equalityKey(fold(modelId))',
      'const model = equalityKeyOf(id)',
    ],
    ['closeness 0, 1: the last path segment', 'modelId.lastIndexOf', 'modelId.indexOf'],
    ['closeness 0: a model ID of several segments', "if (modelId.includes('/')) {", 'if (false) {'],
    ['closeness 0, 1: the name', 'model.name ? [segment, searchedName] : [segment]', '[segment]'],
    [
      'closeness 1: the last segment, not the model ID',
      'model.name ? [segment, ',
      'model.name ? [segment, searchable(modelId), ',
    ],
    ['context: 0 is unknown', 'model.limit?.context || null', 'model.limit?.context ?? null'],
    ['price: the higher one', 'Math.max(...known)', 'Math.min(...known)'],
    ['price: input counts', '[cost?.input, cost?.output]', '[cost?.output]'],
    ['price: output counts', '[cost?.input, cost?.output]', '[cost?.input]'],
    ['price: of the known ones', 'known.length > 0', 'known.length > 1'],
    ['price: free is known', "(price) => typeof price === 'number'", '(price) => Boolean(price)'],
    ['price: unknown is not free', 'Math.max(...known) : null', 'Math.max(...known) : 0'],
    [
      'open_weights: unknown is not closed',
      "if (typeof model.open_weights === 'boolean') sets.push(['open_weights', String(Number(model.open_weights))])",
      "sets.push(['open_weights', String(Number(model.open_weights ?? false))])",
    ],
    ['capabilities: an object counts', 'if (model[capability]) sets', 'if (model[capability] === true) sets'],
    [
      'capabilities: an object is shown',
      '(capability) => model[capability])',
      '(capability) => model[capability] === true)',
    ],
    ['provider: letter case of the catalog', "'provider', provider.toLowerCase()", "'provider', provider"],
  ]),

  ...inFile('src/ingest/order.ts', [
    ['standing order: not deprecated first', 'Number(a.deprecated) - Number(b.deprecated) ||', ''],
    [
      'standing order: deprecated before featured',
      'return (\n    Number(a.deprecated)',
      'return (\n    Number(b.featured !== null) - Number(a.featured !== null) ||\n    Number(a.deprecated)',
    ],
    [
      'standing order: featured rank',
      '(a.featured ?? Number.MAX_SAFE_INTEGER) - (b.featured ?? Number.MAX_SAFE_INTEGER) ||',
      '',
    ],
    [
      'standing order: featured before party',
      '(a.featured ?? Number',
      'a.party - b.party || (a.featured ?? Number',
    ],
    ['standing order: party', 'a.party - b.party ||', ''],
    [
      'standing order: party before date',
      'a.party - b.party ||\n    a.recency - b.recency',
      'a.recency - b.recency || a.party - b.party',
    ],
    ['only deprecated is deprecated', "model.status === 'deprecated'", 'Boolean(model.status)'],
    ['date', 'byRecency(entries).entries()', 'entries.entries()'],
    ['date: newer first', 'compareCodePoints(b, a)', 'compareCodePoints(a, b)'],
    [
      'date: unknown last',
      '[...newestFirst.flatMap(([, sameDate]) => sameDate), ...undated]',
      '[...undated, ...newestFirst.flatMap(([, sameDate]) => sameDate)]',
    ],
    ['date: as text', 'compareCodePoints(b, a)', '(Date.parse(b) || 0) - (Date.parse(a) || 0)'],
    [
      'date: to the last character',
      'compareCodePoints(b, a)',
      'compareCodePoints(b.slice(0, 7), a.slice(0, 7))',
    ],
    ['tie: provider', 'compareCodePoints(a.id, b.id)', '0'],
    ['tie: provider ascending', 'compareCodePoints(a.id, b.id)', 'compareCodePoints(b.id, a.id)'],
    ['tie: model ID', 'compareCodePoints(a, b)', '0'],
    ['tie: model ID ascending', 'compareCodePoints(a, b)', 'compareCodePoints(b, a)'],
    [
      'tie: provider, then model ID, not the id',
      'compareCodePoints(a.id, b.id)',
      'compareCodePoints(`${a.id}/`, `${b.id}/`)',
    ],
    [
      'tie: letter case counts',
      'compareCodePoints(a, b)',
      'compareCodePoints(a.toLowerCase(), b.toLowerCase())',
    ],
    ['tie: by code point, not UTF-16', 'codeUnit >= 0xd800 && codeUnit <= 0xdfff ?', 'false ?'],
    ['lab: canonical model', 'if (canonical_model_id) return', 'if (false) return'],
    ['lab: its first segment', 'return firstSegment(canonical_model_id)', 'return canonical_model_id'],
    [
      'lab: canonical model before family',
      'if (canonical_model_id) return',
      "if (canonical_model_id && !familyLabs.has(family ?? '')) return",
    ],
    ['lab: family', 'familyLabs.get(family) : undefined', 'undefined : undefined'],
    [
      'lab: family before first segment',
      'return familyLab ?? (modelId.includes',
      "return (modelId.includes('/') ? undefined : familyLab) ?? (modelId.includes",
    ],
    ['lab: of most of the family', 'next[1] - best[1] ||', ''],
    ['lab: of most, not of the fewest', 'next[1] - best[1] ||', 'best[1] - next[1] ||'],
    ['lab: the later in a tie', 'compareCodePoints(next[0], best[0])', 'compareCodePoints(best[0], next[0])'],
    ['lab: in a tie not the first', ' || compareCodePoints(next[0], best[0])', ''],
    [
      'lab: first segment of the model ID',
      "(modelId.includes('/') ? firstSegment(modelId) : provider)",
      'provider',
    ],
    [
      'lab: the provider',
      "(modelId.includes('/') ? firstSegment(modelId) : provider)",
      'firstSegment(modelId)',
    ],
    ['party: makers', 'if (makes.get(provider)?.has(lab))', 'if (false)'],
    ['party: makers of this lab', 'makes.get(provider)?.has(lab)', 'makes.has(provider)'],
    ['party: hosts', 'hosts.has(provider) ? HOST', 'false ? HOST'],
    ['party: the rest', 'hosts.has(provider) ? HOST', 'true ? HOST'],
  ]),

  ...inFile('src/ingest/stretches.ts', [
    ['with a query: not deprecated first', 'Number(a.deprecated) - Number(b.deprecated) || ', ''],
    ['with a query: party', 'a.party - b.party || ', ''],
    [
      'with a query: deprecated before party',
      'Number(a.deprecated) - Number(b.deprecated) || a.party - b.party',
      'a.party - b.party || Number(a.deprecated) - Number(b.deprecated)',
    ],
    ['with a query: date, no featured rank', ' || a.recency - b.recency', ''],
  ]),

  ...inFile('src/ingest/sets.ts', [
    [
      'rule 2: short terms start at a run, beyond ASCII',
      'lists.add(listOf(kind, shortText(first, second)), id)',
      "lists.add(listOf('substring', shortText(first, second)), id)",
    ],
    [
      'rule 2: short terms start at a run, of ASCII',
      'list = listOf(kind, shortText(first, second))',
      "list = listOf('substring', shortText(first, second))",
    ],
    [
      'min_context, min_price: never the unknown',
      'if (value !== null) columns[column].add(id, value)',
      'columns[column].add(id, value ?? Infinity)',
    ],
    [
      'max_context, max_price: never the unknown',
      'if (value !== null) columns[column].add(id, value)',
      'columns[column].add(id, value ?? 0)',
    ],
  ]),

  ...inFile('src/catalog/search-order.ts', [
    ['a whole query: looked up', 'mayBeKey(text.key) ? equalTo.all(text.key) : []', '[] as Equal[]'],
    ['the full id first', 'if (called.length > 0) {', 'if (false) {'],
    ['the full id: only where it matches', 'isId === 1 && hasEntry(matches, entry)', 'isId === 1'],
    ['group: exact before near', 'if (partyOf(bucket) !== OTHER) takeFrom', 'if (false) takeFrom'],
    ["group: others' exact copies are near", 'if (partyOf(bucket) !== OTHER) takeFrom', 'takeFrom'],
    ["group: hosts' exact copies are exact", 'partyOf(bucket) !== OTHER', 'partyOf(bucket) === 0'],
    [
      'group: near before inside',
      '      takeFrom(bucket, matches, started, most, ids)\n',
      '      takeFrom(bucket, matches, started, most, ids)\n      takeFrom(bucket, matches, null, most, ids)\n',
    ],
    ['closeness 2 is near', '      takeFrom(bucket, matches, started, most, ids)\n', ''],
    ['with a query: closeness', '      if (hasClose) takeFrom(bucket, matches, close, most, ids)\n', ''],
    [
      'with a query: party before closeness',
      '    for (const bucket of buckets) {\n      if (hasClose) takeFrom(bucket, matches, close, most, ids)\n',
      '    for (const bucket of buckets) if (hasClose) takeFrom(bucket, matches, close, most, ids)\n    for (const bucket of buckets) {\n',
    ],
    ["closeness of others' exact copies is 1", 'if (equal.length === 0) close.fill(0)', 'close.fill(0)'],
    ['closeness 0: model ID', "IN ('id', 'model', 'title')", "IN ('id', 'title')"],
    ['closeness 0: title', "IN ('id', 'model', 'title')", "IN ('id', 'model')"],
    ['closeness 1', 'const beginning = read(text.beginning)', 'const beginning = new Uint32Array(0)'],
    ['closeness 2: every term', 'narrow(started, starts)', 'narrow(started, [starts.flat()])'],
  ]),

  ...inFile('src/catalog/set-sources.ts', [
    ['closeness 1: starts with', '[value, value + LAST_CHARACTER]', '[value, `${value}\\u0001`]'],
    ['closeness 1: titles', 'inJoinedForm(source.value, TITLE_MARK)', "inJoinedForm(source.value, '')"],
    ['no operators: quotes are text', "replaceAll('\"', '\"\"')", "replaceAll('\"', '')"],
    ['rule 3 and closeness 2: may end inside a run', "as: 'beginning' }], null)", "as: 'whole' }], null)"],
    [
      'rule 3 and closeness 2: of several runs, too',
      'return { sql, values: beginningWith(form) }',
      'return { sql, values: beginningWith(`${form} `) }',
    ],
    [
      'rule 3 and closeness 2: not inside a run of digits',
      "kind === 'runs' ? value.trimStart()",
      "kind === 'runs' ? value.trim()",
    ],
    ['found by runs: what stands around them', '(id) => isIn({ kind, value }, textsOf(id))', '() => true'],
    [
      'rule 2: whatever runs it is of',
      'for (const members of found) gathered.add(members)',
      'gathered.add(only)',
    ],
    [
      'found by runs: one run is sure',
      'const isSure = parts.length === 1 &&',
      'const isSure = parts.length > 0 ||',
    ],
    ['found by runs: the first may begin earlier', 'place === 0 && text.startsWith(run)', 'false'],
    ['found by runs: the last may end later', 'place === all.length - 1 && text.endsWith(run)', 'false'],
    ['rule 1: among a few', 'return texts.folded.includes(value)', 'return false'],
    ['rule 2: among a few', "if (kind === 'tail' || kind === 'start')", "if (kind === 'start')"],
    [
      'rule 3 and closeness 2: among a few',
      "if (kind === 'runs') return texts.runs.includes(value)",
      "if (kind === 'runs') return false",
    ],
  ]),

  ...inFile('src/catalog/run-sets.ts', [
    [
      'found by runs: each that fits',
      'for (const members of all) gathered.add(members)',
      'gathered.add(only)',
    ],
    ['found by runs: each that begins so', 'while (sorted[end]?.startsWith(run)) end++', 'end++'],
    ['found by runs: only those among them', '[...idsOf(found, words)].filter(isIn)', 'idsOf(found, words)'],
  ]),

  ...inFile('src/catalog/spaced-forms.ts', [
    ['rule 2: cut within letters', 'for (let length = mark.length + 1;', 'for (let length = rest.length;'],
    ['rule 2: of three runs and more', ': beginsTail(sequence))', ': false)'],
    ['rule 2: of two runs', 'count === 2 ? isPair(sequence)', 'count === 2 ? false'],
  ]),

  ...inFile('src/ingest/openings.ts', [
    ['found by runs: what begins alike', "if (opening !== '') gathered", 'if (opening === tail) gathered'],
  ]),

  ...inFile('src/db/members.ts', [
    ['sets of few: those in both', 'if (hasEntry(set, id)) shared[found++] = id', 'shared[found++] = id'],
  ]),

  ...inFile('src/db/gatherer.ts', [['sets of many', 'bits.fill(0)', '']]),

  ...inFile('src/catalog/find.ts', [
    ['every term must match', 'narrow(matches, ordered, 1)', ''],
    ['every term must match: beside filters', 'narrow(matches, ordered, 0)', 'narrow(matches, [first], 0)'],
    ['every term must match: among a few', 'terms.every(({ sources })', 'terms.some(({ sources })'],
    ['a term matches by any rule: among a few', 'sources.some((source)', 'sources.every((source)'],
    [
      'a term matches by any rule',
      'place < term.sources.length; place++) addMembers',
      'place < 1; place++) addMembers',
    ],
    ['filters apply beside a query', 'matches.set(within)', 'matches.set(everything)'],
  ]),

  ...inFile('src/catalog/ranges.ts', [
    ['min_context, min_price: inclusive', 'number >= min', 'number > min'],
    ['max_context, max_price: inclusive', 'number > max', 'number >= max'],
  ]),

  ...inFile('src/catalog/compile.ts', [
    ['provider', "add('provider', provider)", ''],
    ['open_weights: true', 'open_weights === undefined ?', 'open_weights !== false ?'],
    ['open_weights: false', 'open_weights === undefined ?', 'open_weights !== true ?'],
    ['min_context', 'query.min_context,', 'undefined,'],
    ['max_context', ', query.max_context)', ', undefined)'],
    ['min_price', 'query.min_price,', 'undefined,'],
    ['max_price', ', query.max_price)', ', undefined)'],
    [
      'min_context: whole however long',
      'Number(min ?? -Infinity)',
      "Number(typeof min === 'bigint' ? BigInt.asIntN(64, min) : (min ?? -Infinity))",
    ],
    [
      'max_context: whole however long',
      'Number(max ?? Infinity)',
      "Number(typeof max === 'bigint' ? BigInt.asIntN(64, max) : (max ?? Infinity))",
    ],
    ['capabilities', 'of capabilities) add(', 'of []) add('],
    ['capabilities: all required', 'of capabilities) add(', 'of capabilities.slice(0, 1)) add('],
    ['featured: ignored with a query', 'query.featured && text === null', 'query.featured'],
    ['limit', 'limit: query.limit', 'limit: 100'],
  ]),

  ...inFile('src/catalog/list.ts', [
    ['featured: the set only', 'if (featured) {', 'if (false) {'],
    ['featured: order', 'ORDER BY featured', 'ORDER BY id DESC'],
    ['featured: filters apply', 'featuredIds.filter((id) => hasEntry(matches, id))', 'featuredIds'],
    [
      'featured: total before the limit',
      'ids.slice(0, limit), ids.length',
      'ids.slice(0, limit), Math.min(limit, ids.length)',
    ],
    [
      'total: before the limit',
      'const total = count(matches)',
      'const total = Math.min(limit, count(matches))',
    ],
    [
      'total: the filtered',
      'const total = count(matches)',
      'const total = text === null ? entries : count(matches)',
    ],
  ]),

  ...inFile('src/catalog/params.ts', [
    ['blank means not given', "if (text === '') continue", ''],
    ['blank means not given, beside a fault', "filter(([, text]) => text !== '')", 'filter(() => true)'],
    ['values are trimmed', 'texts.set(name, trim(text))', 'texts.set(name, text)'],
    ['the last one wins', 'else texts.set(name', 'else if (!texts.has(name)) texts.set(name'],
    ['the last one wins, also blank', 'else texts.set(name', "else if (trim(text) !== '') texts.set(name"],
    [
      'min_context: at least 1',
      'min_context: parameter((text) => integer(text, 1n))',
      'min_context: parameter((text) => integer(text, 0n))',
    ],
    [
      'max_context: at least 1',
      'max_context: parameter((text) => integer(text, 1n))',
      'max_context: parameter((text) => integer(text, 0n))',
    ],
    ['all faults at once', 'throw validationError(items)', 'throw validationError(items.slice(0, 1))'],
    ['faults in the order of the table', '?? []).map(itemOf)', '?? []).map(itemOf).reverse()'],
    [
      'unknown names last',
      '[...(result.error?.issues ?? []).map(itemOf), ...further, ...extraItems(unknown)]',
      '[...extraItems(unknown), ...(result.error?.issues ?? []).map(itemOf), ...further]',
    ],
    ['unknown names in the order of the request', 'return [...names].map(', 'return [...names].sort().map('],
    [
      'unknown parameters are refused',
      'if (name === undefined) unknown.add(spelling)',
      'if (name === undefined) continue',
    ],
    ['featured: off unless given', 'featured ?? false', 'featured ?? true'],
    ['provider: letter case', 'parameter((text) => text.toLowerCase())', 'parameter((text) => text)'],
    [
      'capabilities: repeated',
      "else if (name === 'capabilities') for",
      "else if (name === 'capabilities' && [items.clear()]) for",
    ],
    ['capabilities[]', "['capabilities[]', 'capabilities'],", ''],
    ['contradictory ranges', 'refuseContradictions(query, given)', ''],
    ['contradictory contexts', "['min_context', 'max_context'],", ''],
    ['contradictory prices', "['min_price', 'max_price'],", ''],
    ['contradictory: not where equal', 'low > high', 'low >= high'],
    ['contradictory: all values named', 'wrong.map((', 'wrong.slice(0, 1).map(('],
    ['contradictory: both values of a range', ' is above ${max} (${texts[max]})`', ' is above ${max}`'],
    [
      'a fault outranks a contradiction',
      'if (!result.success || items',
      'if (result.success) refuseContradictions(result.data as ListQuery, () => given as Record<string, string>)\n  if (!result.success || items',
    ],
  ]),

  ...inFile('src/catalog/param-kinds.ts', [
    ['limit: 20 unless given', 'DEFAULT_LIMIT = 20', 'DEFAULT_LIMIT = 21'],
    ['limit: at most 100', 'MAX_LIMIT = 100', 'MAX_LIMIT = 101'],
    ['limit: up to 100', 'MAX_LIMIT = 100', 'MAX_LIMIT = 99'],
    ['limit: at least 1', 'const limit = integer(text, 1n)', 'const limit = integer(text, 0n)'],
    ['limit: 1 is enough', 'const limit = integer(text, 1n)', 'const limit = integer(text, 2n)'],
    ['query: code points', '!isShorter(text, MAX_QUERY_LENGTH + 1)', 'text.length > MAX_QUERY_LENGTH'],
    ['query: no U+0000', "if (text.includes('\\0'))", 'if (false)'],
    [
      'all faults at once: of one parameter',
      'return faults.length > 0 ? faults : text',
      'return faults[0] ?? text',
    ],
    ['integers: a sign', 'INTEGER = /^[+-]?', 'INTEGER = /^-?'],
    ['integers: digits only', 'INTEGER = /^[+-]?[0-9]+$/', 'INTEGER = /^[+-]?(0x)?[0-9]+$/'],
    ['numbers: a sign', 'NUMBER = /^[+-]?', 'NUMBER = /^-?'],
    ['numbers: an exponent', '([eE][+-]?[0-9]+)?$/', '$/'],
    ['numbers: a point at the end', '\\.[0-9]*)?', '\\.[0-9]+)?'],
    ['numbers: a point at the beginning', '|\\.[0-9]+)', ')'],
    ['numbers: nan and inf are not finite', 'NOT_FINITE = /^', 'NOT_FINITE = /^x'],
    ['numbers: not beyond a double', 'value !== undefined && Number.isFinite(value)', 'value !== undefined'],
    ['booleans: letter case', 'const word = text.toLowerCase()', 'const word = text'],
    ['booleans: words for true', "'yes', 'on', 't', 'y'", "'yes', 'on', 't'"],
    ['booleans: words for false', "'no', 'off', 'f', 'n'", "'no', 'f', 'n'"],
    ['booleans: nothing else', "fault('bool_parsing', 'must be true or false')", 'false'],
    ['capabilities: letter case', 'trim(item).toLowerCase()', 'trim(item)'],
    ['capabilities: items are trimmed', 'trim(item).toLowerCase()', 'item.toLowerCase()'],
    ['capabilities: blank ones dropped', "(item) => item !== ''", '() => true'],
    ['capabilities: comma lists', ".split(',')", ".split('\\n')"],
  ]),

  ...inFile('src/http/target.ts', [
    ['at most 100 pairs', 'MAX_QUERY_PAIRS = 100', 'MAX_QUERY_PAIRS = 101'],
    ['up to 100 pairs', 'MAX_QUERY_PAIRS = 100', 'MAX_QUERY_PAIRS = 99'],
    [
      'undecodable',
      "throw new AppError('invalid', 'The URL is no valid percent-encoded UTF-8', { cause })",
      'return text',
    ],
  ]),
]

function inFile(file: string, list: [rule: string, find: string, replace: string][]): Mutation[] {
  return list.map(([rule, find, replace]) => ({ rule, file, find, replace }))
}
