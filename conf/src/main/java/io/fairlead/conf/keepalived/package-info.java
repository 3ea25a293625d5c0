/**
 * The importer of keepalived's configuration: its lexical rules, its tree of blocks, and what each keyword means here. Written
 * from the documented language; the language is that of keepalived 2.4.3, of which older versions are a part.
 */
@NullMarked
package io.fairlead.conf.keepalived;

import org.jspecify.annotations.NullMarked;
