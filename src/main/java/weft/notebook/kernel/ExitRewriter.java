package weft.notebook.kernel;

import jdk.jshell.spi.ExecutionControl.ClassBytecodes;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Sends the exit calls of a cell's classes to {@link ExitGuard}. A SecurityManager would do it for
 * library code as well, but Java 25 has none.
 */
final class ExitRewriter {
  private static final String GUARD = "weft/notebook/kernel/ExitGuard";
  private static final byte[] MARK = "exit".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
  private static final byte[] HALT = "halt".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

  private ExitRewriter() {}

  static ClassBytecodes rewrite(ClassBytecodes loaded) {
    byte[] bytes = loaded.bytecodes();
    if (!contains(bytes, MARK) && !contains(bytes, HALT)) {
      return loaded;
    }
    try {
      var reader = new ClassReader(bytes);
      var writer = new ClassWriter(reader, 0);
      reader.accept(new Redirecting(writer), 0);
      return new ClassBytecodes(loaded.name(), writer.toByteArray());
    } catch (IllegalArgumentException newerClassFile) {
      return loaded; // a Java this ASM has not heard of: the cell works, exit is not caught
    }
  }

  private static boolean contains(byte[] bytes, byte[] word) {
    for (int at = 0; at + word.length <= bytes.length; at++) {
      if (java.util.Arrays.equals(bytes, at, at + word.length, word, 0, word.length)) {
        return true;
      }
    }
    return false;
  }

  private static boolean endsProcess(String owner, String name, String descriptor) {
    boolean exits =
        (owner.equals("java/lang/System") && name.equals("exit"))
            || (owner.equals("java/lang/Runtime") && (name.equals("exit") || name.equals("halt")));
    return exits && descriptor.equals("(I)V");
  }

  private static String guarded(String owner) {
    return owner.equals("java/lang/System") ? "(I)V" : "(Ljava/lang/Runtime;I)V";
  }

  private static final class Redirecting extends ClassVisitor {
    Redirecting(ClassWriter writer) {
      super(Opcodes.ASM9, writer);
    }

    @Override
    public MethodVisitor visitMethod(
        int access,
        String name,
        String descriptor,
        @Nullable String signature,
        String @Nullable [] exceptions) {
      MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
      return new Calls(next);
    }
  }

  private static final class Calls extends MethodVisitor {
    Calls(MethodVisitor next) {
      super(Opcodes.ASM9, next);
    }

    @Override
    public void visitMethodInsn(
        int opcode, String owner, String name, String descriptor, boolean isInterface) {
      if (endsProcess(owner, name, descriptor)) {
        super.visitMethodInsn(Opcodes.INVOKESTATIC, GUARD, "exit", guarded(owner), false);
      } else {
        super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
      }
    }

    /** {@code System::exit} reaches its target through the arguments of a lambda's bootstrap. */
    @Override
    public void visitInvokeDynamicInsn(
        String name, String descriptor, Handle bootstrap, Object... arguments) {
      Object[] redirected = arguments.clone();
      for (int i = 0; i < redirected.length; i++) {
        if (redirected[i] instanceof Handle to
            && endsProcess(to.getOwner(), to.getName(), to.getDesc())) {
          redirected[i] =
              new Handle(Opcodes.H_INVOKESTATIC, GUARD, "exit", guarded(to.getOwner()), false);
        }
      }
      super.visitInvokeDynamicInsn(name, descriptor, bootstrap, redirected);
    }
  }
}
