/** The letter editor. One file, loaded by templates/letters/workspace.html, adapt.html and create.html as a module. */

import { pageData } from './page'
import { PassagePage, type PassageData } from './passage'
import { WordLetter } from './wordLetter'
import { Workspace } from './workspace'

if (document.getElementById('passage')) new PassagePage(pageData() as unknown as PassageData).start()
else if (document.getElementById('word-outcome')) new WordLetter().start()
else void new Workspace(pageData()).start()
