package io.gracekeeper.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** An image in the format of {@code docker save}: its names, its configuration and every file of its layers. */
record DockerArchive(JsonNode repositoryTags, JsonNode configuration, Map<String, Entry> files) {
    /** What a layer says about one file. */
    record Entry(int mode, long user, long group, long size, boolean regular) {}

    /** Reads the tar whole. */
    static DockerArchive read(Path tar) throws IOException {
        Map<String, byte[]> parts = new HashMap<>();
        try (var outer = new TarArchiveInputStream(new BufferedInputStream(Files.newInputStream(tar)))) {
            for (TarArchiveEntry entry = outer.getNextEntry(); entry != null; entry = outer.getNextEntry()) {
                parts.put(entry.getName(), outer.readAllBytes());
            }
        }
        var json = new ObjectMapper();
        JsonNode manifest = json.readTree(parts.get("manifest.json")).get(0);
        Map<String, Entry> files = new TreeMap<>();
        for (JsonNode layer : manifest.get("Layers")) {
            readLayer(new ByteArrayInputStream(Objects.requireNonNull(parts.get(layer.asText()))), files);
        }
        JsonNode configuration = json.readTree(parts.get(manifest.get("Config").asText()));
        return new DockerArchive(manifest.get("RepoTags"), configuration, Map.copyOf(files));
    }

    private static void readLayer(InputStream compressed, Map<String, Entry> files) throws IOException {
        try (var layer = new TarArchiveInputStream(new GZIPInputStream(compressed))) {
            for (TarArchiveEntry entry = layer.getNextEntry(); entry != null; entry = layer.getNextEntry()) {
                var read = new Entry(
                        entry.getMode(),
                        entry.getLongUserId(),
                        entry.getLongGroupId(),
                        entry.getSize(),
                        entry.isFile());
                files.put("/" + entry.getName().replaceFirst("/$", ""), read);
            }
        }
    }
}
