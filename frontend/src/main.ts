/** The letter editor. One file, loaded by templates/letters/workspace.html and adapt.html as a module. */

import { pageData } from './page'
import { PassagePage, type PassageData } from './passage'
import { Workspace } from './workspace'

if (document.getElementById('passage')) new PassagePage(pageData() as unknown as PassageData).start()
else void new Workspace(pageData()).start()
