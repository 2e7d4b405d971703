/** The letter editor. One file, loaded by templates/letters/workspace.html as a module. */

import { pageData } from './page'
import { Workspace } from './workspace'

void new Workspace(pageData()).start()
