package io.fairlead.core.reconcile;

import io.fairlead.core.model.RealServer;
import io.fairlead.core.model.RealServerKey;
import io.fairlead.core.model.VirtualServer;
import io.fairlead.core.model.VirtualServerKey;

/** One change to the kernel's table. Shown to people as the {@code ipvsadm} line that does the same. */
public sealed interface IpvsOp {

    /** Returns the virtual server that the operation touches. */
    VirtualServerKey virtualServerKey();

    /** Creates a virtual server without real servers. */
    record AddVirtualServer(VirtualServer virtualServer) implements IpvsOp {
        @Override
        public VirtualServerKey virtualServerKey() {
            return virtualServer.key();
        }

        @Override
        public String toString() {
            return IpvsAdmText.line(this);
        }
    }

    /** Gives a virtual server other attributes; its real servers and connections stay. */
    record UpdateVirtualServer(VirtualServer virtualServer) implements IpvsOp {
        @Override
        public VirtualServerKey virtualServerKey() {
            return virtualServer.key();
        }

        @Override
        public String toString() {
            return IpvsAdmText.line(this);
        }
    }

    /** Removes a virtual server and with it its real servers. */
    record DeleteVirtualServer(VirtualServerKey virtualServerKey) implements IpvsOp {
        @Override
        public String toString() {
            return IpvsAdmText.line(this);
        }
    }

    /** Adds a real server to a virtual server that exists. */
    record AddRealServer(VirtualServerKey virtualServerKey, RealServer realServer) implements IpvsOp {
        @Override
        public String toString() {
            return IpvsAdmText.line(this);
        }
    }

    /** Gives a real server other attributes; its connections stay. */
    record UpdateRealServer(VirtualServerKey virtualServerKey, RealServer realServer) implements IpvsOp {
        @Override
        public String toString() {
            return IpvsAdmText.line(this);
        }
    }

    /** Removes a real server. */
    record DeleteRealServer(VirtualServerKey virtualServerKey, RealServerKey realServerKey) implements IpvsOp {
        @Override
        public String toString() {
            return IpvsAdmText.line(this);
        }
    }
}
