package io.fairlead.core.policy;

import io.fairlead.core.model.RealServer;

/**
 * Who answers when the quorum is lost. It is not checked.
 *
 * @param inhibit stays in the kernel's table with weight 0 while the quorum is held, instead of leaving it
 */
public record SorryServer(RealServer realServer, boolean inhibit) {}
