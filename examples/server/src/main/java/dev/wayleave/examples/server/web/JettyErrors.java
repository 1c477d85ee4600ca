package dev.wayleave.examples.server.web;

import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.ee10.servlet.ErrorHandler;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Jetty's own errors, such as those of a request that is not HTTP, as the documents that all other errors are. */
final class JettyErrors extends ErrorHandler {

    @Override
    public boolean errorPageForMethod(String method) {
        return true;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        int status = response.getStatus();
        String path = request.getHttpURI() == null ? null : request.getHttpURI().getPath();
        Answer.Document document =
                ErrorDocuments.of(path == null ? "" : path, new ApiException(status, detail(status)));
        ArrivalHandler.HEADERS.forEach(response.getHeaders()::put);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, document.contentType());
        response.write(true, StandardCharsets.UTF_8.encode(document.text()), callback);
        return true;
    }

    private static String detail(int status) {
        return switch (status) {
            case HttpStatus.BAD_REQUEST_400 -> "the request cannot be read";
            case HttpStatus.URI_TOO_LONG_414 -> "path and query are too long";
            case HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431 -> "the headers are too long";
            case HttpStatus.HTTP_VERSION_NOT_SUPPORTED_505 -> "this server speaks HTTP/1.1";
            default -> status < 500 ? "the request cannot be answered" : "something went wrong here; the log says what";
        };
    }
}
