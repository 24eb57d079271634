import java.util.concurrent.CountDownLatch;
import org.codelibs.opensearch.runner.OpenSearchRunner;

/** One OpenSearch node until it is told to end: HOME CONFIG HTTP_PORT TRANSPORT_PORT. */
public class OneNode {
    public static void main(String[] words) throws Exception {
        var runner = new OpenSearchRunner();
        // the runner takes no port above 9299 by itself
        runner.setMaxHttpPort(-1);
        runner.onBuild((number, settings) -> {
            settings.put("network.host", "127.0.0.1");
            settings.put("http.port", words[2]);
            settings.put("transport.port", words[3]);
            settings.put("discovery.type", "single-node");
            settings.put("node.name", "marquee");
        });
        var ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                runner.close();
            } catch (Exception error) {
                error.printStackTrace();
            } finally {
                ended.countDown();
            }
        }));
        runner.build("-basePath", words[0], "-confPath", words[1], "-numOfNode", "1",
            "-clusterName", "marquee");
        ended.await();
    }
}
