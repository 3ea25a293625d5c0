package io.fairlead.kube.watch;

import io.fairlead.kube.json.ObjectReader.Kind;
import io.fairlead.kube.model.ClusterObject;
import java.util.List;

/** Is told what a cluster holds. On the thread of the kind; may block, which slows the reading down and loses nothing. */
interface ClusterListener {

    /** These are all. */
    void listed(Kind kind, List<ClusterObject> all) throws InterruptedException;

    /** This one is new, has changed, or is gone. */
    void changed(Kind kind, ClusterObject object, boolean isDeleted) throws InterruptedException;

    /** It works, or it does not. */
    void told(Kind kind, String problem);
}
