/** What broke a property, and what the properties are called that have no name in the paper. */
import type { Phrases } from './phrases.ts'

export const broken: Phrases = {
  // Of a trace: packages/trace/src/checks.
  'The commit index only grows': 'Der Commit-Index wächst nur',
  'Committed entries stay': 'Festgeschriebenes bleibt',
  'Only the own term is counted': 'Nur die eigene Amtszeit zählt',
  'Election restriction': 'Wahlbeschränkung',
  'A majority commits': 'Eine Mehrheit schreibt fest',
  'A majority elects': 'Eine Mehrheit wählt',
  'One vote a term': 'Eine Stimme je Amtszeit',
  'Terms only grow': 'Amtszeiten wachsen nur',
  '{} commits up to {}, and had committed up to {}': '{} schreibt bis {} fest und hatte bis {} festgeschrieben',
  '{} commits up to {}, and its log ends at {}': '{} schreibt bis {} fest, und sein Log endet bei {}',
  '{} deletes entry {}, and has committed up to {}': '{} löscht Eintrag {} und hat bis {} festgeschrieben',
  '{}, leader of term {}, commits up to entry {}, which is of term {}':
    '{}, Leader von Amtszeit {}, schreibt bis Eintrag {} fest, der aus Amtszeit {} ist',
  '{}, whose log ends at {} in term {}, votes for {}, whose log ends at {} in term {}':
    '{}, dessen Log bei {} in Amtszeit {} endet, stimmt für {}, dessen Log bei {} in Amtszeit {} endet',
  '{} leads term {}, which {} leads already': '{} führt Amtszeit {}, die {} schon führt',
  '{} leads term {} and deletes its entry {}': '{} führt Amtszeit {} und löscht seinen Eintrag {}',
  '{} leads term {} and overwrites its entry {}': '{} führt Amtszeit {} und überschreibt seinen Eintrag {}',
  '{} commits entry {} in term {}; {}, leader of term {}, lacks it':
    '{} schreibt Eintrag {} in Amtszeit {} fest; {}, Leader von Amtszeit {}, hat ihn nicht',
  '{} leads term {} without entry {} of term {}, which {} committed in term {}':
    '{} führt Amtszeit {} ohne Eintrag {} aus Amtszeit {}, den {} in Amtszeit {} festgeschrieben hat',
  '{} has «{}» at {} of term {}, where another log has «{}»':
    '{} hat «{}» bei {} aus Amtszeit {}, wo ein anderes Log «{}» hat',
  '{} has entry {} of term {} after one of term {}, another log has it after one of term {}':
    '{} hat Eintrag {} aus Amtszeit {} nach einem aus Amtszeit {}, ein anderes Log nach einem aus Amtszeit {}',
  '{} commits up to entry {}, which {} of {} have ({}); {} are a majority':
    '{} schreibt bis Eintrag {} fest, den {} von {} haben ({}); eine Mehrheit sind {}',
  '{} leads term {} with {} of {} votes; {} are a majority':
    '{} führt Amtszeit {} mit {} von {} Stimmen; eine Mehrheit sind {}',
  '{} restarts in term {} without its vote for {}': '{} startet in Amtszeit {} neu, ohne seine Stimme für {}',
  '{} votes for {} in term {}, and has voted for {}': '{0} stimmt in Amtszeit {2} für {1} und hat für {3} gestimmt',
  '{} applies entry {}, and has committed up to {}': '{} wendet Eintrag {} an und hat bis {} festgeschrieben',
  '{} commits «{}» of term {} at {}, where {} committed «{}» of term {}':
    '{} schreibt «{}» aus Amtszeit {} bei {} fest, wo {} «{}» aus Amtszeit {} festgeschrieben hat',
  '{} restarts in term {}, and was in term {}': '{} startet in Amtszeit {} neu und war in Amtszeit {}',
  '{} goes to term {}, and was in term {}': '{} geht in Amtszeit {} und war in Amtszeit {}',
}
