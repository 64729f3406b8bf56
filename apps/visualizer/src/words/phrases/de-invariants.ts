/** What breaks a property in a run of the simulator: packages/simulator/src/invariants. */
import type { Phrases } from './phrases.ts'

export const invariants: Phrases = {
  '{} restarts with commit {} > {}': '{} startet neu und hält {} für festgeschrieben, mehr als {}',
  'the commit index of {} falls from {} to {}': 'der Commit-Index von {} fällt von {} auf {}',
  'configuration {} at {} does not need {}, a majority of the one before it':
    'Konfiguration {} an {} braucht nicht {}, eine Mehrheit der vorigen',
  '{} appends configuration {} while {} is not committed':
    '{} hängt Konfiguration {} an, solange {} nicht festgeschrieben ist',
  '{} changes the configuration before committing in its own term {}':
    '{} ändert die Konfiguration, bevor er in seiner Amtszeit {} etwas festgeschrieben hat',
  '{} leads term {} without the votes of a majority of {} {}':
    '{} führt Amtszeit {} ohne die Stimmen einer Mehrheit von {} {}',
  '{} goes by another configuration than the last one in its log, at {}':
    '{} richtet sich nach einer anderen Konfiguration als der letzten in seinem Log, bei {}',
  '{} leads on, although configuration {} is committed, in which it is no voter':
    '{} führt weiter, obwohl Konfiguration {} festgeschrieben ist, in der er kein Wähler ist',
  '{} campaigns by configuration {}, in which it is no voter, and nobody needs its log':
    '{} kandidiert nach Konfiguration {}, in der er kein Wähler ist, und niemand braucht sein Log',
  '{} cuts its log off at {}, where nothing conflicts': '{} schneidet sein Log bei {} ab, wo nichts widerspricht',
  '{}, leader of term {}, commits {}, an entry of term {}':
    '{}, Leader von Amtszeit {}, schreibt {} fest, einen Eintrag aus Amtszeit {}',
  '{} commits {} without a configuration': '{} schreibt {} ohne Konfiguration fest',
  '{} commits {}, durable on no majority of {} {}': '{} schreibt {} fest, auf der Platte keiner Mehrheit von {} {}',
  '{} leads term {}, which {} has led': '{} führt Amtszeit {}, die {} geführt hat',
  '{} sends {} in term {}, led by {}': '{} schickt {} in Amtszeit {}, die {} führt',
  'operation {} takes effect at {}, and again at {} on {}': 'Befehl {} wirkt bei {} und noch einmal bei {} an {}',
  'operation {} is acknowledged at {}; it took effect at {}': 'Befehl {} wird bei {} bestätigt; gewirkt hat er bei {}',
  '{} hears {}, and would campaign after {} ms': '{} hört {} und würde nach {} ms kandidieren',
  '{} campaigns for term {} as if its leader had asked for it':
    '{} kandidiert für Amtszeit {}, als hätte sein Leader darum gebeten',
  'the log of {}, leader of term {}, is not what it was plus what it appended':
    'das Log von {}, Leader von Amtszeit {}, ist nicht, was es war, und was er anhängte',
  '{}, leader of term {}, lacks entry {}, committed in term {}':
    '{}, Leader von Amtszeit {}, hat Eintrag {} nicht, festgeschrieben in Amtszeit {}',
  '{} commits {} in term {}; {}, leader of term {}, lacks it':
    '{} schreibt {} in Amtszeit {} fest; {}, Leader von Amtszeit {}, hat ihn nicht',
  '{} answers a read at {}; when it was asked, {} was committed':
    '{} beantwortet ein Lesen bei {}; als gefragt wurde, war {} festgeschrieben',
  '{} answers a read at {}; only {} is committed': '{} beantwortet ein Lesen bei {}; nur {} ist festgeschrieben',
  '{} appends {} to a log that ends at {}': '{} hängt {} an ein Log an, das bei {} endet',
  '{} appends an entry of term {} after one of term {}':
    '{} hängt einen Eintrag aus Amtszeit {} nach einem aus Amtszeit {} an',
  '{} has another entry {} of term {}, or another log before it, than others had':
    '{} hat einen anderen Eintrag {} aus Amtszeit {} oder ein anderes Log davor, als andere hatten',
  '{} has a snapshot at {} of term {}, which is not what was committed there':
    '{} hat einen Snapshot bei {} aus Amtszeit {}, und dort war anderes festgeschrieben',
  '{} keeps entries after a snapshot at {} that do not follow it':
    '{} behält nach einem Snapshot bei {} Einträge, die ihm nicht folgen',
  '{} would send {} to {}, which has {}': '{} würde {} an {} schicken, der bis {} hat',
  '{} lowers the match index of {} from {} to {} within term {}':
    '{} senkt den Match-Index von {} von {} auf {} innerhalb von Amtszeit {}',
  '{} believes {} to have {}; its disk ends at {}': '{} glaubt, {} habe {}; dessen Platte endet bei {}',
  '{} believes {} to match up to {}; their logs differ there':
    '{} glaubt, {} stimme bis {} überein; dort sind die Logs verschieden',
  '{} believes what {} acknowledged before it was added: {}':
    '{} glaubt, was {} bestätigte, bevor er aufgenommen wurde: {}',
  '{} asks {} twice for its vote in term {}': '{} bittet {} zweimal um die Stimme in Amtszeit {}',
  '{} acknowledges {}; its disk ends at {}': '{} bestätigt {}; seine Platte endet bei {}',
  '{} acknowledges {} in term {}, which nobody leads': '{} bestätigt {} in Amtszeit {}, die niemand führt',
  '{} acknowledges {} to {}, whose log differs there': '{} bestätigt {} gegenüber {}, dessen Log dort anders ist',
  "{} answers a read of {} without a majority's word since it was asked":
    '{} beantwortet ein Lesen von {}, ohne dass eine Mehrheit seit der Frage zustimmte',
  '{} answers {} a read that it was not asked': '{} beantwortet {} ein Lesen, das niemand verlangt hat',
  '{} refuses {} the vote that it has given it in term {}':
    '{} verweigert {} die Stimme, die er ihm in Amtszeit {} gab',
  '{} restores a snapshot at {} that is not the state after {}':
    '{} übernimmt einen Snapshot bei {}, der nicht der Zustand nach {} ist',
  '{} takes {} for committed; leaders have committed up to {}':
    '{} hält {} für festgeschrieben; Leader haben bis {} festgeschrieben',
  '{} takes its entry {} for committed; another one was committed there':
    '{} hält seinen Eintrag {} für festgeschrieben; dort wurde ein anderer festgeschrieben',
  '{} applies {} after {}': '{} wendet {} nach {} an',
  '{} applies {}; leaders have committed up to {}': '{} wendet {} an; Leader haben bis {} festgeschrieben',
  '{} applies an entry of term {} at {}; committed was one of term {}':
    '{} wendet bei {2} einen Eintrag aus Amtszeit {1} an; festgeschrieben war einer aus Amtszeit {3}',
  '{} has another state after applying {} than others': '{} hat nach Anwenden von {} einen anderen Zustand als andere',
  '{} would vote for {}, and has just heard its leader': '{} würde für {} stimmen und hat eben seinen Leader gehört',
  '{} votes for {} in term {}, and has just heard its leader':
    '{0} stimmt in Amtszeit {2} für {1} und hat eben seinen Leader gehört',
  'the disk of {} goes from term {} back to {}': 'die Platte von {} geht von Amtszeit {} zurück auf {}',
  '{} goes from term {} back to {}': '{} geht von Amtszeit {} zurück auf {}',
  '{} sends {} in term {}; its disk has term {}': '{} schickt {} in Amtszeit {}; seine Platte hat Amtszeit {}',
  '{} tells {} to campaign, whose log ends at {}, not {}':
    '{} bittet {} zu kandidieren, dessen Log bei {} endet statt bei {}',
  '{} truncates from {}; it knew {} to be committed': '{} kürzt ab {}; er wusste {} festgeschrieben',
  '{} votes for {} in term {}, having voted for {}': '{0} stimmt in Amtszeit {2} für {1} und hat für {3} gestimmt',
  '{} forgets its vote for {} in term {}': '{} vergisst seine Stimme für {} in Amtszeit {}',
}
