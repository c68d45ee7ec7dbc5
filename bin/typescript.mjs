// Lets Node 20 import the project's `.ts` files, on the main thread and in workers. Node 22.18 and later need none of it.
import { register } from 'tsx/esm/api';

register();
