package io.gracekeeper.cli.build;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Collections;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;

/**
 * Copies a jar, and gives classes that were compiled for Java 5 the class file version of today. The AOT cache takes none from
 * before Java 6, since those have no stack maps to be verified by; picocli's would cost a third of our start.
 */
final class ModernClasses {
    private static final int FIRST_WITH_STACK_MAPS = 50;
    private static final int MAGIC_AND_MINOR = 6;

    private ModernClasses() {}

    /** Copies a jar; one that is modern already stays as it is, byte for byte. */
    static void copy(Path jar, Path target, FileTime time) throws IOException {
        try (var source = new JarFile(jar.toFile())) {
            if (!isOld(source)) {
                Files.copy(jar, target);
                return;
            }
            try (OutputStream file = Files.newOutputStream(target);
                    var out = new JarOutputStream(file)) {
                for (JarEntry entry : Collections.list(source.entries())) {
                    var copy = new JarEntry(entry.getName());
                    copy.setLastModifiedTime(time);
                    out.putNextEntry(copy);
                    byte[] content = read(source, entry);
                    out.write(isClass(entry) ? modern(content, source) : content);
                    out.closeEntry();
                }
            }
        }
    }

    private static boolean isOld(JarFile jar) throws IOException {
        for (JarEntry entry : Collections.list(jar.entries())) {
            if (isClass(entry)) {
                return major(read(jar, entry)) < FIRST_WITH_STACK_MAPS;
            }
        }
        return false;
    }

    private static boolean isClass(JarEntry entry) {
        return entry.getName().endsWith(".class") && !entry.getName().endsWith("module-info.class");
    }

    private static int major(byte[] content) {
        return (content[MAGIC_AND_MINOR] & 0xff) << 8 | (content[MAGIC_AND_MINOR + 1] & 0xff);
    }

    private static byte[] read(JarFile jar, JarEntry entry) throws IOException {
        try (InputStream in = jar.getInputStream(entry)) {
            return in.readAllBytes();
        }
    }

    private static byte[] modern(byte[] content, JarFile jar) {
        ClassHierarchyResolver siblings = ClassHierarchyResolver.ofResourceParsing(type -> {
            String name = type.descriptorString();
            JarEntry entry = jar.getJarEntry(name.substring(1, name.length() - 1) + ".class");
            try {
                return entry == null ? null : new ByteArrayInputStream(read(jar, entry));
            } catch (IOException unreadable) {
                return null;
            }
        });
        ClassFile files = ClassFile.of(
                StackMapsOption.GENERATE_STACK_MAPS,
                ClassHierarchyResolverOption.of(siblings.orElse(ClassHierarchyResolver.defaultResolver())));
        ClassModel model = files.parse(content);
        // Bodies have to be written anew for stack maps to be made.
        ClassTransform bodies = ClassTransform.transformingMethodBodies((code, element) -> code.with(element));
        ClassTransform version = (type, element) -> {
            if (!(element instanceof ClassFileVersion)) {
                type.with(element);
            }
        };
        return files.transformClass(
                model,
                version.andThen(bodies)
                        .andThen(ClassTransform.endHandler(
                                type -> type.withVersion(ClassFile.latestMajorVersion(), 0))));
    }
}
